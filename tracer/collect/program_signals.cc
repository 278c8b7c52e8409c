// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/program_signals.h"

#include <sys/wait.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>

#include "common/clock.h"

namespace wireseam {
namespace {

constexpr pid_t kEnded = 0;
constexpr pid_t kNotOurs = -1;
constexpr int kEnoughRequests = 2;

constexpr int kFirstRealTime = 32;
constexpr int kSignals = 65;
constexpr uint64_t kStuckNs = 500'000'000;
constexpr timespec kGroupRound{0, 5'000'000};  // for kill(2) to come to all members of the group
constexpr int kMaxRounds = 10;

// What the handlers have seen and nobody has looked at yet.
struct Noted {
  std::atomic<int> by_anybody;
  std::atomic<bool> by_terminal;  // the whole process group has got it
};

std::atomic<pid_t> running_program = kEnded;
std::atomic<int> end_requests = 0;
std::array<Noted, kSignals> noted_signals{};
// When that was looked at; kNotLooking: it is known that nobody does.
constexpr uint64_t kNotLooking = 0;
std::atomic<uint64_t> last_look_ns = kNotLooking;
static_assert(std::atomic<pid_t>::is_always_lock_free);
static_assert(std::atomic<uint64_t>::is_always_lock_free);

constexpr int kEndingSignals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
constexpr int kTerminalSignals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGWINCH};
constexpr int kOtherSignals[] = {SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM,
                                 SIGPROF, SIGIO,   SIGPWR,  SIGSTKFLT};
// What the tracer's own doing may bring about: then they are to end it.
constexpr int kFaults[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS, SIGXCPU};
struct sigaction before_faults[kFirstRealTime];

template <size_t size>
bool is_among(int signal_number, const int (&signals)[size]) {
  return std::ranges::find(signals, signal_number) != std::end(signals);
}

void pass_on(int signal_number, const siginfo_t& info) {
  const pid_t program = running_program;
  if (program <= 0) return;
  if (info.si_code == SI_QUEUE)
    sigqueue(program, signal_number, info.si_value);
  else
    kill(program, signal_number);
}

// The tracer may wait for an output that nobody reads, and the program is still to be told.
bool is_stuck() {
  const uint64_t last = last_look_ns;
  return last != kNotLooking && clock_ns(CLOCK_MONOTONIC) - last > kStuckNs;
}

bool is_of_terminal(int signal_number, const siginfo_t& info) {
  return info.si_code > 0 && is_among(signal_number, kTerminalSignals);
}

// kill(2), the terminal and a socket whose owner is a group (F_SETOWN, fcntl(2)) send to groups;
// all else is meant for us alone.
bool may_be_for_group(int signal_number, const siginfo_t& info) {
  if (is_of_terminal(signal_number, info) || signal_number == SIGIO) return true;
  return info.si_code == SI_USER && !is_stuck();
}

void note(int signal_number, const siginfo_t& info) {
  Noted& noted = noted_signals[static_cast<size_t>(signal_number)];
  if (is_of_terminal(signal_number, info)) noted.by_terminal = true;
  ++noted.by_anybody;
}

// One request more than enough ends the tracer even where it waits for an output that nobody reads.
void request_end(int signal_number) {
  end_requests += signal_number == SIGINT ? 1 : kEnoughRequests;
  if (end_requests >= kEnoughRequests) signal(signal_number, SIG_DFL);
}

void take(int signal_number, siginfo_t* info, void*) {
  const int saved_errno = errno;
  if (may_be_for_group(signal_number, *info))
    note(signal_number, *info);
  else
    pass_on(signal_number, *info);
  if (running_program == kEnded && is_among(signal_number, kEndingSignals))
    request_end(signal_number);
  errno = saved_errno;
}

void take_unless_ours(int signal_number, siginfo_t* info, void* context) {
  if (info->si_code == SI_USER || info->si_code == SI_QUEUE)
    take(signal_number, info, context);
  else  // the fault repeats, abort(3) raises its signal again, and time stays used up
    sigaction(signal_number, &before_faults[signal_number], nullptr);
}

void only_wake(int, siginfo_t*, void*) {}

bool is_stopped(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string stat;
  std::getline(file, stat);
  return stat.find(") T ") != stat.npos;
}

// Its latest stop was not waited for yet.
bool has_stopped_anew(pid_t pid) {
  siginfo_t child{};
  return waitid(P_PID, static_cast<id_t>(pid), &child, WSTOPPED | WNOHANG | WNOWAIT) == 0 &&
         child.si_pid != 0;
}

}  // namespace

ProgramSignals::ProgramSignals(const Program& program) {
  const bool ours = program.parent() == ProgramParent::Tracer;
  if (ours) witness_.emplace();
  running_program = ours ? program.pid() : kNotOurs;
  end_requests = 0;
  last_look_ns = kNotLooking;
  for (Noted& noted : noted_signals) {
    noted.by_anybody = 0;
    noted.by_terminal = false;
  }
  for (const int number : kEndingSignals) handle(number, take);
  for (const int number : {SIGTSTP, SIGTTIN, SIGWINCH}) handle(number, take);
  // Printing in the background must not send it to the group, which it does unless it is ignored.
  handle(SIGTTOU, nullptr);
  for (const int number : kFaults) {
    handle(number, take_unless_ours);
    before_faults[number] = previous_[number];
  }
  for (const int number : kOtherSignals) handle(number, take);
  for (int number = SIGRTMIN; number <= SIGRTMAX; ++number) handle(number, take);
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

void ProgramSignals::pass_on_noted() {
  last_look_ns = clock_ns(CLOCK_MONOTONIC);
  for (int number = 1; number < kSignals; ++number) {
    if (noted_signals[static_cast<size_t>(number)].by_anybody == 0) continue;
    const pid_t program = running_program;
    const int times = times_to_us_alone(number);
    for (int i = 0; i < times && program > 0; ++i) kill(program, number);
  }
}

// What comes while the witness is asked belongs to the same answer, since it may have been seen
// already: like the kernel, which keeps one pending signal of a kind, but queues real-time signals.
int ProgramSignals::times_to_us_alone(int signal_number) {
  Noted& noted = noted_signals[static_cast<size_t>(signal_number)];
  int times = 0;
  int of_group = 0;
  for (int round = 0; round < kMaxRounds; ++round) {
    const int came = noted.by_anybody.exchange(0);
    if (came == 0) break;
    times += came;
    nanosleep(&kGroupRound, nullptr);
    if (noted.by_terminal.exchange(false)) ++of_group;
    while (witness_ && witness_->saw(signal_number)) ++of_group;
  }
  if (signal_number >= kFirstRealTime) return std::max(times - of_group, 0);
  return of_group == 0 && times > 0 ? 1 : 0;
}

void ProgramSignals::program_ended() { running_program = kEnded; }

bool ProgramSignals::asked_once() const { return end_requests > 0; }

bool ProgramSignals::asked_to_end() const { return end_requests >= kEnoughRequests; }

void ProgramSignals::stop_like(const Program& program, int signal_number) {
  struct sigaction stop {};
  struct sigaction old {};
  stop.sa_handler = SIG_DFL;
  sigaction(signal_number, &stop, &old);
  last_look_ns = kNotLooking;
  raise(signal_number);
  sigaction(signal_number, &old, nullptr);
  // A shell continues the whole process group, anybody else perhaps the tracer alone.
  if (is_stopped(program.pid()) && !has_stopped_anew(program.pid())) kill(program.pid(), SIGCONT);
}

// Without SA_RESTART: a signal ends the wait for calls, so that what it tells is seen at once.
void ProgramSignals::handle(int signal_number, Handler handler) {
  struct sigaction action {};
  if (handler == nullptr) {
    action.sa_handler = SIG_IGN;
  } else {
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO;
  }
  sigaction(signal_number, &action, &previous_[signal_number]);
}

}  // namespace wireseam
