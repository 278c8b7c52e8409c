// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/program_signals.h"

#include <atomic>
#include <cerrno>
#include <fstream>
#include <string>

namespace wireseam {
namespace {

constexpr pid_t kEnded = 0;
constexpr pid_t kNotOurs = -1;
constexpr int kEnoughRequests = 2;

std::atomic<pid_t> running_program = kEnded;
std::atomic<int> end_requests = 0;
static_assert(std::atomic<pid_t>::is_always_lock_free);

void send(pid_t program, int signal_number, const siginfo_t& info) {
  if (info.si_code == SI_QUEUE)
    sigqueue(program, signal_number, info.si_value);
  else
    kill(program, signal_number);
}

void pass_on(int signal_number, siginfo_t* info, void*) {
  const int saved_errno = errno;
  if (const pid_t program = running_program; program > 0) send(program, signal_number, *info);
  errno = saved_errno;
}

// A positive code is the kernel's: the terminal has sent it to the whole process group.
void pass_on_unless_terminal(int signal_number, siginfo_t* info, void* context) {
  if (info->si_code <= 0) pass_on(signal_number, info, context);
}

// One more than enough ends the tracer even where it waits for an output that nobody reads.
void pass_on_or_end(int signal_number, siginfo_t* info, void* context) {
  pass_on_unless_terminal(signal_number, info, context);
  if (running_program != kEnded) return;
  end_requests += signal_number == SIGINT ? 1 : kEnoughRequests;
  if (end_requests >= kEnoughRequests) signal(signal_number, SIG_DFL);
}

void only_wake(int, siginfo_t*, void*) {}

bool is_stopped(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string stat;
  std::getline(file, stat);
  return stat.find(") T ") != stat.npos;
}

constexpr int kEndingSignals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
constexpr int kTerminalSignals[] = {SIGTSTP, SIGWINCH};
constexpr int kOtherSignals[] = {SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGPWR};
// Output that fails is to fail with an errno.
constexpr int kOutputSignals[] = {SIGPIPE, SIGXFSZ};

}  // namespace

ProgramSignals::ProgramSignals(const Program& program) {
  running_program = program.parent() == ProgramParent::Tracer ? program.pid() : kNotOurs;
  end_requests = 0;
  for (const int number : kOutputSignals) ignore(number);
  for (const int number : kEndingSignals) handle(number, pass_on_or_end);
  for (const int number : kTerminalSignals) handle(number, pass_on_unless_terminal);
  for (const int number : kOtherSignals) handle(number, pass_on);
  for (int number = SIGRTMIN; number <= SIGRTMAX; ++number) handle(number, pass_on);
  handle(SIGCHLD, only_wake);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, &previous_mask_);
}

ProgramSignals::~ProgramSignals() {
  program_ended();
  for (const auto& [number, action] : previous_) sigaction(number, &action, nullptr);
  sigprocmask(SIG_SETMASK, &previous_mask_, nullptr);
}

void ProgramSignals::program_ended() { running_program = kEnded; }

bool ProgramSignals::asked_once() const { return end_requests > 0; }

bool ProgramSignals::asked_to_end() const { return end_requests >= kEnoughRequests; }

void ProgramSignals::stop_like(const Program& program, int signal_number) {
  struct sigaction stop {};
  struct sigaction old {};
  stop.sa_handler = SIG_DFL;
  sigaction(signal_number, &stop, &old);
  raise(signal_number);
  sigaction(signal_number, &old, nullptr);
  // A shell continues the whole process group, anybody else perhaps the tracer alone.
  if (is_stopped(program.pid())) kill(program.pid(), SIGCONT);
}

void ProgramSignals::ignore(int signal_number) {
  struct sigaction action {};
  action.sa_handler = SIG_IGN;
  install(signal_number, action);
}

// Without SA_RESTART: a signal ends the wait for calls, so that what it tells is seen at once.
void ProgramSignals::handle(int signal_number, Handler handler) {
  struct sigaction action {};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO;
  install(signal_number, action);
}

void ProgramSignals::install(int signal_number, const struct sigaction& action) {
  sigaction(signal_number, &action, &previous_[signal_number]);
}

}  // namespace wireseam
