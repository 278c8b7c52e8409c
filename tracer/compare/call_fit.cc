// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/call_fit.h"

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace wireseam {
namespace {

constexpr int32_t kFirstRestart = 512;  // ERESTARTSYS of linux/errno.h
constexpr int32_t kLastRestart = 516;   // ERESTART_RESTARTBLOCK
constexpr uint64_t kClockErrorNs = 10'000;

// All that makes a process is one kind: which of them libc uses for what is its own affair.
std::string_view kind_of(const CallInfo& call) {
  const std::string_view name = call.syscall;
  return name == "clone3" || name == "vfork" || name == "fork" ? "clone" : name;
}

bool is_number(ParameterKind kind) {
  using enum ParameterKind;
  return (kind >= Int && kind <= Offset) || (kind >= SocketDomain && kind <= EpollOperation &&
                                             kind != FcntlArgument && kind != IoctlArgument);
}

bool is_wide(ParameterKind kind) {
  return kind == ParameterKind::Size || kind == ParameterKind::Offset;
}

bool same_argument(const ComparedCall& libc, const ComparedCall& syscall, size_t index) {
  const uint64_t one = libc.arguments[index];
  const uint64_t other = syscall.arguments[index];
  // strace has not written what stands behind the first thing that the call would have filled.
  if (syscall.state != CallState::Returned && other == 0) return true;
  if (is_wide(libc.info->parameters()[index].kind)) return one == other;
  return static_cast<uint32_t>(one) == static_cast<uint32_t>(other);
}

// Those of the libc call that the system call has, too.
size_t common_arguments(const ComparedCall& libc, const ComparedCall& syscall) {
  // What posix_spawn, fork and the exec functions take is not what the kernel is given.
  if (libc.info->number != syscall.info->number && libc.info->syscall.starts_with("exec")) return 0;
  if (kind_of(*libc.info) == "clone") return 0;
  return std::min(libc.info->parameter_count, syscall.info->parameter_count);
}

template <typename Wanted>
bool same_arguments(const ComparedCall& libc, const ComparedCall& syscall, Wanted wanted) {
  for (size_t i = 0; i < common_arguments(libc, syscall); ++i)
    if (wanted(libc.info->parameters()[i].kind) && !same_argument(libc, syscall, i)) return false;
  return true;
}

bool is_descriptor(ParameterKind kind) { return kind == ParameterKind::Fd; }

// "recvfrom(3, \"wake\", 8, 0, NULL, NULL)"
std::string_view without_result(std::string_view call) { return call.substr(0, call.rfind(" = ")); }

// What the shim does for itself is no call of the program, but it makes some of the program's calls
// itself: those in whose middle a hook can't stand.
bool may_be_the_program_s(const ComparedCall& syscall) {
  return syscall.origin != Origin::Shim || kind_of(*syscall.info) == "clone" ||
         syscall.info->syscall.starts_with("exec");
}

bool is_same_kind(const ComparedCall& libc, const ComparedCall& syscall) {
  return kind_of(*libc.info) == kind_of(*syscall.info) && may_be_the_program_s(syscall) &&
         same_arguments(libc, syscall, is_descriptor);
}

}  // namespace

bool is_restart(const ComparedCall& syscall) {
  return syscall.errnum >= kFirstRestart && syscall.errnum <= kLastRestart;
}

bool is_same_call(const ComparedCall& libc, const ComparedCall& syscall) {
  return is_same_kind(libc, syscall) && same_arguments(libc, syscall, is_number);
}

bool results_agree(const ComparedCall& libc, const ComparedCall& syscall) {
  // What has executed another program never returned, but for a child of vfork it is told.
  if (libc.info->syscall.starts_with("exec")) return libc.errnum == syscall.errnum;
  const bool finished = libc.state == CallState::Returned;
  if (finished != (syscall.state == CallState::Returned)) return false;
  if (!finished || libc.info->result == ResultKind::None) return true;
  if (is_restart(syscall)) return libc.errnum == EINTR;
  if (libc.info->result == ResultKind::SpawnStatus)
    return (libc.result == 0) == (syscall.result > 0);
  if (libc.errnum != 0) return libc.errnum == syscall.errnum;
  return syscall.errnum == 0 && libc.result == syscall.result;
}

bool is_within(const ComparedCall& syscall, const ComparedCall& libc) {
  const bool begun = syscall.start_ns + kClockErrorNs >= libc.start_ns;
  const bool unfinished = libc.state != CallState::Returned;
  return begun && (unfinished || syscall.start_ns <= libc.end_ns + kClockErrorNs);
}

int fit(const ComparedCall& libc, const ComparedCall& syscall, Times times) {
  constexpr int kSameKind = 1;
  constexpr int kSameNumbers = 4;
  constexpr int kSameText = 7;
  constexpr int kSameResult = 2;
  if (libc.info->syscall.empty() || !is_same_kind(libc, syscall)) return 0;
  int worth = kSameKind;
  if (is_same_call(libc, syscall)) {
    const bool same_text = without_result(libc.syscall) == without_result(syscall.text);
    worth = same_text ? kSameText : kSameNumbers;
  }
  if (results_agree(libc, syscall)) worth += kSameResult;
  if (times == Times::Unusable || is_within(syscall, libc)) ++worth;
  return worth;
}

}  // namespace wireseam
