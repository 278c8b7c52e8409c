// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/process_watch.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <vector>

#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

// A child that has ended and was not reaped yet.
pid_t ended_child(int status) {
  const pid_t pid = fork();
  if (pid == 0) _exit(status);
  siginfo_t info{};
  waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);
  return pid;
}

}  // namespace

TEST_CASE("a process has ended when it is gone, with the status that its parent saw") {
  ProcessWatch watch;
  const pid_t child = ended_child(3);
  const auto pid = static_cast<uint32_t>(child);
  watch.begin(pid, 1);
  CHECK(watch.gone() == std::vector<uint32_t>{pid});
  CHECK_FALSE(watch.may_be_told(pid));
  int status = 0;
  waitpid(child, &status, 0);
  watch.reaped(pid, status);
  CHECK(watch.may_be_told(pid));
  CHECK(watch.forget(pid) == 3 << 8);
  CHECK(watch.running() == 0);
}

TEST_CASE("how somebody else's child ended is known while it is a zombie") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t parent = fork();
  if (parent == 0) {
    const pid_t child = fork();
    if (child == 0) {
      pause();
      _exit(0);
    }
    const bool told = write(ends[1], &child, sizeof child) == sizeof child;
    pause();
    _exit(told ? 0 : 1);
  }
  pid_t child = 0;
  REQUIRE(read(ends[0], &child, sizeof child) == sizeof child);
  const auto pid = static_cast<uint32_t>(child);
  ProcessWatch watch;
  watch.begin(pid, 1);
  CHECK(watch.gone().empty());
  kill(child, SIGUSR1);
  while (watch.gone().empty()) usleep(1000);
  CHECK(watch.may_be_told(pid));
  CHECK(watch.forget(pid) == SIGUSR1);
  kill(parent, SIGKILL);
  waitpid(parent, nullptr, 0);
}

TEST_CASE("a process that is expected counts as running until it is gone or expected no more") {
  ProcessWatch watch;
  const pid_t child = ended_child(0);
  const auto pid = static_cast<uint32_t>(child);
  const auto self = static_cast<uint32_t>(getpid());
  watch.expect({pid, self});
  CHECK(watch.running() == 2);
  CHECK(watch.only_expects());
  CHECK(watch.process_of(self) == 0);
  CHECK(watch.gone() == std::vector<uint32_t>{pid});
  watch.begin(self, 1);
  CHECK_FALSE(watch.only_expects());
  watch.expect({});
  CHECK(watch.running() == 1);
  CHECK(watch.process_of(self) == 1);
  waitpid(child, nullptr, 0);
}

TEST_CASE("a status that comes before the process's beginning is kept for it, through an exec") {
  ProcessWatch watch;
  watch.reaped(77, SIGKILL);
  watch.begin(77, 1);
  watch.begin(77, 2);
  CHECK(watch.gone() == std::vector<uint32_t>{77});
  CHECK(watch.forget(77) == SIGKILL);
}

TEST_CASE("of processes that have ended meanwhile the youngest is told first") {
  ProcessWatch watch;
  watch.reaped(70, 0);
  watch.reaped(71, 0);
  watch.reaped(72, 0);
  watch.begin(71, 1);
  watch.begin(72, 2);
  watch.begin(70, 3);
  CHECK(watch.gone() == std::vector<uint32_t>{70, 72, 71});
}

TEST_CASE("where nobody waits, what the process said when it left is its status") {
  ProcessWatch watch;
  const pid_t child = ended_child(7);
  const auto pid = static_cast<uint32_t>(child);
  watch.begin(pid, 1);
  watch.will_exit(pid, 7);
  waitpid(child, nullptr, 0);
  CHECK(watch.forget(pid) == 7 << 8);
}

TEST_CASE("a process that was killed behind our back has an unknown status") {
  ProcessWatch watch;
  watch.begin(static_cast<uint32_t>(getpid()), 1);
  CHECK(watch.gone().empty());
  CHECK(watch.process_of(static_cast<uint32_t>(getpid())) == 1);
  CHECK(watch.forget(static_cast<uint32_t>(getpid())) == kStatusUnknown);
}
