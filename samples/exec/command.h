// SPDX-License-Identifier: Apache-2.0
// Runs one command line with /bin/sh -c and collects what it prints, within limits. The command
// reads /dev/null, has a process group of its own and inherits no descriptor; when it has ended, or
// has gone beyond a limit, all that is left of its group is killed.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace wireseam::samples {

struct CommandLimits {
  std::chrono::milliseconds time{30'000};
  size_t output_bytes = size_t{16} << 20;  // stdout and stderr together
};

struct CommandResult {
  std::string out;
  std::string err;  // ends with a line of our own where we had to interfere
  int status = 0;   // as the shell's $? has it: the exit status, or 128 + the signal's number
};

// The status of a command that was not run, and of one whose time was up, as env(1) and timeout(1)
// have them.
constexpr int kStatusNotRun = 126;
constexpr int kStatusTimedOut = 124;

// Whether nobody waits for the result any more.
using IsUnwanted = std::function<bool()>;

// Waits for the command's end. Throws Stopped when a signal asks the program to end, and Error when
// the result is unwanted, which is asked twice a second; the command is killed then too.
CommandResult run_command(const std::string& line, const CommandLimits& limits,
                          const IsUnwanted& is_unwanted);

// The result of a command that was not run, and why.
CommandResult command_not_run(const std::string& reason);

}  // namespace wireseam::samples
