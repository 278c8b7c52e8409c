// SPDX-License-Identifier: Apache-2.0
#include "samples/exec/command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "common/error.h"
#include "common/fd.h"
#include "tests/unit/catch2.h"

using namespace wireseam::samples;
using std::chrono::milliseconds;

namespace {

CommandResult run(const std::string& line) {
  return run_command(line, CommandLimits{}, [] { return false; });
}

// Whether the command whose pid this is has ended (perhaps not yet reaped by its new parent).
bool ends_soon(const std::string& pid) {
  for (int tries = 0; tries < 1000; ++tries) {
    const auto state = run("sed 's/.*) //' /proc/" + pid + "/stat 2>/dev/null").out;
    if (state.empty() || state.starts_with('Z')) return true;
    poll(nullptr, 0, 10);
  }
  return false;
}

}  // namespace

TEST_CASE("a command's stdout, stderr and status come back apart") {
  const CommandResult result = run("echo out; echo err >&2; exit 7");
  CHECK(result.out == "out\n");
  CHECK(result.err == "err\n");
  CHECK(result.status == 7);
}

TEST_CASE("a command that a signal killed has the status that the shell gives it") {
  CHECK(run("kill -TERM $$").status == 128 + SIGTERM);
}

TEST_CASE("output larger than a pipe holds comes whole, on both streams at once") {
  const CommandResult result = run("head -c 300000 /dev/zero; head -c 200000 /dev/zero >&2");
  CHECK(result.out.size() == 300000);
  CHECK(result.err.size() == 200000);
}

TEST_CASE("a command reads an empty stdin") { CHECK(run("cat").out.empty()); }

TEST_CASE("a command inherits no descriptor, not even one without FD_CLOEXEC") {
  int fds[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
  const wireseam::Fd a(fds[0]);
  const wireseam::Fd b(fds[1]);
  // The glob's own descriptor is closed again before the names are printed.
  CHECK(run("cd /proc/$$/fd; for fd in *; do [ -e $fd ] && echo $fd; done").out == "0\n1\n2\n");
}

TEST_CASE("a command gets SIGPIPE although the server ignores it") {
  const auto before = signal(SIGPIPE, SIG_IGN);
  CHECK(run("trap").err.empty());
  CHECK(run("(yes; echo $? >&2) | head -n 1").err == "141\n");
  signal(SIGPIPE, before);
}

TEST_CASE("a command out of time is killed with its grandchildren, its output so far kept") {
  const CommandLimits limits{.time = milliseconds(1500)};
  const CommandResult result =
      run_command("sleep 600 & echo $!; sleep 600", limits, [] { return false; });
  CHECK(result.status == kStatusTimedOut);
  CHECK(result.err == "exec-server: killed after 1500 ms\n");
  CHECK(ends_soon(result.out.substr(0, result.out.find('\n'))));
}

TEST_CASE("a command that writes for ever is killed at the output limit") {
  const CommandLimits limits{.output_bytes = 1000};
  const CommandResult result = run_command("yes", limits, [] { return false; });
  CHECK(result.status == 128 + SIGKILL);
  CHECK(result.out.size() == 1000);
  CHECK(result.err == "exec-server: killed, more than 1000 bytes of output\n");
}

TEST_CASE("output of exactly the limit is no reason to kill") {
  const CommandLimits limits{.output_bytes = 1000};
  const CommandResult result = run_command("head -c 1000 /dev/zero", limits, [] { return false; });
  CHECK(result.status == 0);
  CHECK(result.out.size() == 1000);
  CHECK(result.err.empty());
}

TEST_CASE("what a command leaves in the background ends with it and delays nothing") {
  const CommandResult result = run("sleep 600 & echo $!");
  CHECK(result.status == 0);
  CHECK(ends_soon(result.out.substr(0, result.out.find('\n'))));
}

TEST_CASE("what has left the command's process group does not delay the answer") {
  const CommandLimits limits{.time = milliseconds(4000)};
  const CommandResult result = run_command("setsid sleep 5 & echo a", limits, [] { return false; });
  CHECK(result.status == 0);
  CHECK(result.out == "a\n");
}

TEST_CASE("a command that the shell cannot take whole is not run at all") {
  const std::string nul("echo a\0b", 8);
  CHECK(run(nul).status == kStatusNotRun);
  CHECK(run(nul).err == "exec-server: the command has a NUL byte in it\n");

  const CommandResult too_long = run("echo " + std::string(1 << 18, 'x'));
  CHECK(too_long.status == kStatusNotRun);
  CHECK(too_long.err == "exec-server: posix_spawn /bin/sh: Argument list too long\n");
}

TEST_CASE("a command whose result nobody wants any more is killed") {
  const auto begun = std::chrono::steady_clock::now();
  const auto is_unwanted = [] { return true; };
  CHECK_THROWS_AS(run_command("sleep 600", CommandLimits(), is_unwanted), wireseam::Error);
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(10));
}
