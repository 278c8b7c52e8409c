// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/follow.h"

#include <poll.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "tracer/collect/program_signals.h"
#include "tracer/trace/format.h"

namespace wireseam {
namespace {

constexpr uint64_t kBusyPauseNs = 1'000'000;
constexpr uint64_t kIdlePauseNs = 10'000'000;

// A child of ours that has stopped or ended, not reaped yet; si_pid is 0 where there is none.
siginfo_t next_child() {
  siginfo_t child{};
  if (waitid(P_ALL, 0, &child, WEXITED | WSTOPPED | WNOHANG | WNOWAIT) != 0) child.si_pid = 0;
  return child;
}

bool has_ended(const Program& program) {
  if (program.pidfd() < 0) return kill(program.pid(), 0) != 0 && errno == ESRCH;
  pollfd item{program.pidfd(), POLLIN, 0};
  return poll(&item, 1, 0) == 1;
}

// A program that is stopped by SIGSTOP was stopped by somebody who will continue it alone.
bool is_job_control(int signal_number) {
  return signal_number == SIGTSTP || signal_number == SIGTTIN || signal_number == SIGTTOU;
}

class Follower {
 public:
  Follower(Program& program, TraceSource& source, const FollowHooks& hooks)
      : program_(program), source_(source), hooks_(hooks), signals_(program) {}

  int32_t run(const ProgramEnvironment& environment) {
    program_.start(environment);
    uint64_t pause_ns = kBusyPauseNs;
    while (!is_over()) {
      source_.wait(pause_ns);
      signals_.pass_on_noted();
      look_after_children();
      const bool busy = source_.drain() > 0;
      pause_ns = busy ? kBusyPauseNs : std::min(pause_ns * 2, kIdlePauseNs);
      hooks_.drained();
    }
    source_.finish();
    hooks_.drained();
    return status_;
  }

 private:
  bool is_over() {
    if (!has_ended_) return false;
    const size_t running = source_.running_processes();
    if (running > 0 && signals_.asked_once()) tell_interrupt(running);
    return signals_.asked_to_end() || running == 0;
  }

  void tell_interrupt(size_t running) {
    if (!told_interrupt_) hooks_.interrupted(running);
    told_interrupt_ = true;
  }

  void look_after_children() {
    for (siginfo_t child = next_child(); child.si_pid != 0; child = next_child()) {
      const bool is_program = child.si_pid == program_.pid();
      if (is_program && child.si_code != CLD_STOPPED) program_ended();
      int status = 0;
      waitpid(child.si_pid, &status, WUNTRACED | WNOHANG);
      if (!WIFSTOPPED(status)) source_.child_ended(static_cast<uint32_t>(child.si_pid), status);
      if (is_program) note(status);
    }
    const bool is_child = program_.parent() == ProgramParent::Tracer;
    if (!is_child && !has_ended_ && has_ended(program_)) program_ended();
  }

  void note(int status) {
    if (!WIFSTOPPED(status))
      status_ = status;
    else if (is_job_control(WSTOPSIG(status)))
      signals_.stop_like(program_, WSTOPSIG(status));
  }

  void program_ended() {
    has_ended_ = true;
    signals_.program_ended();
  }

  Program& program_;
  TraceSource& source_;
  const FollowHooks& hooks_;
  ProgramSignals signals_;
  bool has_ended_ = false;
  bool told_interrupt_ = false;
  int32_t status_ = kStatusUnknown;
};

}  // namespace

int32_t follow(Program& program, const ProgramEnvironment& environment, TraceSource& source,
               const FollowHooks& hooks) {
  return Follower(program, source, hooks).run(environment);
}

}  // namespace wireseam
