// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/group_witness.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>

namespace wireseam {
namespace {

constexpr int kPatienceMs = 100;

// The question is a signal's number, the answer 1 or 0. All signals are blocked, so what came is
// pending until we are asked.
[[noreturn]] void bear_witness(int inherited) {
  // Whatever else we had open must not stay open for it: others wait for its end.
  const int socket = dup2(inherited, STDIN_FILENO);
  if (socket < 0 || close_range(STDIN_FILENO + 1, ~0U, 0) != 0) _exit(0);
  uint8_t question = 0;
  while (read(socket, &question, sizeof question) == sizeof question) {
    sigset_t asked;
    sigemptyset(&asked);
    sigaddset(&asked, question);
    constexpr timespec kAtOnce{};
    const uint8_t answer = sigtimedwait(&asked, nullptr, &kAtOnce) > 0 ? 1 : 0;
    if (write(socket, &answer, sizeof answer) != sizeof answer) break;
  }
  _exit(0);
}

}  // namespace

GroupWitness::GroupWitness() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return;
  const Fd theirs(ends[1]);
  socket_.reset(ends[0]);
  // From its first moment on it must not die of what it is to notice.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  pid_ = fork();
  if (pid_ == 0) bear_witness(theirs.get());
  sigprocmask(SIG_SETMASK, &before, nullptr);
}

GroupWitness::~GroupWitness() {
  if (pid_ <= 0) return;
  socket_.reset();
  waitpid(pid_, nullptr, 0);
}

bool GroupWitness::saw(int signal_number) {
  if (pid_ <= 0) return false;
  const auto question = static_cast<uint8_t>(signal_number);
  uint8_t answer = 0;
  if (send(socket_.get(), &question, sizeof question, MSG_NOSIGNAL) != sizeof question)
    return false;
  pollfd answered{socket_.get(), POLLIN, 0};
  if (poll(&answered, 1, kPatienceMs) != 1) return false;  // somebody has stopped it
  return recv(socket_.get(), &answer, sizeof answer, 0) == sizeof answer && answer == 1;
}

}  // namespace wireseam
