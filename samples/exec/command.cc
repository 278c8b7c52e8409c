// SPDX-License-Identifier: Apache-2.0
// Collects a command's output until it has ended or gone beyond a limit. Interprets no byte of it.
#include "samples/exec/command.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>

#include "common/error.h"
#include "samples/exec/child_process.h"
#include "samples/stop.h"

namespace wireseam::samples {
namespace {

using Clock = std::chrono::steady_clock;

enum class Ending { Exited, TimedOut, TooMuchOutput };

size_t output_size(const CommandResult& result) { return result.out.size() + result.err.size(); }

// Waits until something can be read, the shell has ended or the deadline has passed; half a second
// at the most, since a signal that ends the program may have come to another thread, and the client
// may have gone.
void poll_until(std::array<pollfd, 3>& entries, Clock::time_point deadline) {
  using std::chrono::milliseconds;
  const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
  const int timeout_ms = static_cast<int>(std::clamp<int64_t>(left.count(), 0, 500));
  if (poll(entries.data(), entries.size(), timeout_ms) < 0 && errno != EINTR)
    throw Error("poll", errno);
  if (stop_requested()) throw Stopped();
}

// One read from a pipe that poll(2) has reported; closes the pipe at its end.
void take(const pollfd& entry, Fd& pipe, std::string& text) {
  if (entry.revents == 0) return;
  char buffer[16384];
  const ssize_t got = read(pipe.get(), buffer, sizeof buffer);
  if (got < 0) throw Error("read from a command", errno);
  if (got == 0) pipe.reset();
  text.append(buffer, static_cast<size_t>(got));
}

Ending collect(ChildProcess& shell, CommandResult& result, const CommandLimits& limits,
               const IsUnwanted& is_unwanted) {
  const auto deadline = Clock::now() + limits.time;
  while (Clock::now() < deadline) {
    std::array<pollfd, 3> entries{pollfd{shell.pidfd(), POLLIN, 0},
                                  pollfd{shell.out().get(), POLLIN, 0},  // -1 is skipped by poll(2)
                                  pollfd{shell.err().get(), POLLIN, 0}};
    poll_until(entries, deadline);
    take(entries[1], shell.out(), result.out);
    take(entries[2], shell.err(), result.err);
    if (output_size(result) > limits.output_bytes) return Ending::TooMuchOutput;

    if (is_unwanted()) throw Error("the client went before its command had ended");
    if (entries[0].revents == 0) continue;
    // The shell has ended. What it left in the background would hold the pipes open: end it too,
    // and go on until the pipes are empty.
    shell.kill_group();
    if (entries[1].revents == 0 && entries[2].revents == 0) return Ending::Exited;
  }
  return Ending::TimedOut;
}

void cut_to_limit(CommandResult& result, size_t limit) {
  result.out.resize(std::min(result.out.size(), limit));
  result.err.resize(std::min(result.err.size(), limit - result.out.size()));
}

// Says at the end of stderr why the command was killed.
void explain(Ending ending, CommandResult& result, const CommandLimits& limits) {
  switch (ending) {
    case Ending::Exited:
      return;
    case Ending::TimedOut:
      result.status = kStatusTimedOut;
      result.err += fmt::format("exec-server: killed after {} ms\n", limits.time.count());
      return;
    case Ending::TooMuchOutput:
      cut_to_limit(result, limits.output_bytes);
      result.err +=
          fmt::format("exec-server: killed, more than {} bytes of output\n", limits.output_bytes);
      return;
  }
}

}  // namespace

CommandResult run_command(const std::string& line, const CommandLimits& limits,
                          const IsUnwanted& is_unwanted) {
  // execve(2) takes the line up to the first NUL: a part of a command must never be run.
  if (line.find('\0') != line.npos) return command_not_run("the command has a NUL byte in it");
  std::optional<ChildProcess> shell;
  try {
    shell.emplace(line);
  } catch (const Error& error) {
    return command_not_run(error.what());
  }
  CommandResult result;
  const Ending ending = collect(*shell, result, limits, is_unwanted);
  shell->kill_group();
  result.status = shell->wait();
  explain(ending, result, limits);
  return result;
}

CommandResult command_not_run(const std::string& reason) {
  return {.out = {}, .err = fmt::format("exec-server: {}\n", reason), .status = kStatusNotRun};
}

}  // namespace wireseam::samples
