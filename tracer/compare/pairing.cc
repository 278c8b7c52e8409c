// SPDX-License-Identifier: Apache-2.0
// First each libc call gets the one system call that fits best, all in the order in which they were
// made (alignment.h). What is left over may be a call that the kernel has interrupted, whose other
// part was paired; or one that a function makes for itself, in its place between its neighbours.
#include "tracer/compare/pairing.h"

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "tracer/compare/alignment.h"
#include "tracer/compare/difference.h"

namespace wireseam {
namespace {

constexpr int kCookie = 57;  // SO_COOKIE

// How far from its place a call is looked for.
constexpr size_t kNear = 64;
constexpr size_t kWidestGap = 4096;

bool is_exec(const ComparedCall& call) { return call.info->syscall == "execve"; }

size_t sockets_made_by(const ComparedCall& call) {
  if (call.info->number == CallNumber::socketpair) return 2;
  return call.info->number == CallNumber::socket ? 1 : 0;
}

// May two calls of the kernel be the parts of one?
bool is_same_syscall(const ComparedCall& one, const ComparedCall& other) {
  return one.info == other.info && is_same_call(one, other);
}

}  // namespace

Pairing::Pairing(const ComparedThread& libc, const ComparedThread& kernel, Times times)
    : libc_(libc.calls),
      kernel_(kernel.calls),
      times_(times),
      syscalls_(libc_.size()),
      owners_(kernel_.size()),
      shims_(kernel_.size()),
      next_parts_(kernel_.size()),
      is_continuation_(kernel_.size()) {
  find_shim_calls();
  join_restarts();
  align_both();
  attach_unnoticed();
  find_unread_questions();
  attach_restarts();
  attach_failed_execs();
  attach_all_inside();
  for (std::vector<size_t>& syscalls : syscalls_) std::ranges::sort(syscalls);
}

bool Pairing::is_inside(size_t libc) const {
  return libc_[libc].info->syscall.empty() && !purpose_inside(*libc_[libc].info).empty();
}

bool Pairing::is_foreign(size_t syscall) const {
  const ComparedCall& call = kernel_[syscall];
  return shims_[syscall] || call.origin == Origin::Shim || !call.about_socket;
}

void Pairing::attach(size_t libc, size_t syscall) {
  syscalls_[libc].push_back(syscall);
  owners_[syscall] = libc;
}

// The shim's own calls --------------------------------------------------------------------------

bool Pairing::is_on(size_t syscall, CallNumber call, uint64_t fd) const {
  return syscall < kernel_.size() && kernel_[syscall].info->number == call &&
         static_cast<int32_t>(kernel_[syscall].arguments[0]) == static_cast<int32_t>(fd);
}

// Where a log doesn't tell whose instruction it was: the shim asks for the cookie of a socket,
// which programs don't, and then for what identity.cc says. Gives how many calls that were.
size_t Pairing::shim_calls_from(size_t cookie) const {
  const uint64_t fd = kernel_[cookie].arguments[0];
  size_t next = cookie + 1;
  const auto is_option = [&](int option) {
    return is_on(next, CallNumber::getsockopt, fd) && kernel_[next].arguments[1] == SOL_SOCKET &&
           kernel_[next].arguments[2] == static_cast<uint64_t>(option);
  };
  for (const int option : {SO_DOMAIN, SO_TYPE, SO_PROTOCOL})
    if (is_option(option)) ++next;
  size_t before = cookie;
  while (before > 0 && shims_[before - 1]) --before;
  // A new socket has no names yet.
  if (before > 0 && cookie - before < sockets_made_by(kernel_[before - 1])) return 1;
  if (is_on(next, CallNumber::getsockname, fd)) ++next;
  if (is_on(next, CallNumber::getpeername, fd)) ++next;
  return next - cookie;
}

void Pairing::find_shim_calls() {
  for (size_t i = 0; i < kernel_.size(); ++i) {
    const ComparedCall& call = kernel_[i];
    if (call.origin != Origin::Unknown || call.info->number != CallNumber::getsockopt) continue;
    if (call.arguments[1] != SOL_SOCKET || call.arguments[2] != kCookie) continue;
    const size_t count = shim_calls_from(i);
    for (size_t shim = i; shim < i + count; ++shim) shims_[shim] = true;
    i += count - 1;
  }
}

bool Pairing::is_unread_question(size_t syscall) const {
  return kernel_[syscall].info->number == CallNumber::ioctl &&
         kernel_[syscall].arguments[1] == FIONREAD;
}

// Before a socket is closed the shim asks what was left unread in it. Programs ask that, too: the
// shim's is the one before the close for which no call of the program is left.
void Pairing::find_unread_questions() {
  for (size_t closed = 0; closed < kernel_.size(); ++closed) {
    if (kernel_[closed].info->number != CallNumber::close || !owners_[closed]) continue;
    const uint64_t fd = kernel_[closed].arguments[0];
    const size_t first = closed - std::min(closed, kNear);
    for (size_t i = closed; i-- > first;) {
      if (!is_on(i, kernel_[i].info->number, fd)) continue;
      if (!is_unread_question(i)) break;
      if (owners_[i] || kernel_[i].origin != Origin::Unknown) continue;
      shims_[i] = true;
      break;
    }
  }
}

// Pairs -----------------------------------------------------------------------------------------

// Where libc never told of an interruption, each call that was interrupted was restarted: its parts
// are one, which began with the first. Else that is looked at when the others are paired.
void Pairing::join_restarts() {
  std::vector<const ComparedCall*> interrupted;
  for (const ComparedCall& call : libc_) {
    const bool told = call.errnum == EINTR || call.state != CallState::Returned;
    const auto is_like = [&](const ComparedCall* other) { return is_same_syscall(call, *other); };
    if (told && std::ranges::none_of(interrupted, is_like)) interrupted.push_back(&call);
  }
  for (size_t i = 0; i < kernel_.size(); ++i) {
    const auto is_it = [&](const ComparedCall* call) { return is_same_call(*call, kernel_[i]); };
    if (!is_restart(kernel_[i]) || std::ranges::any_of(interrupted, is_it)) continue;
    next_parts_[i] = continued_by(i);
    if (next_parts_[i]) is_continuation_[*next_parts_[i]] = true;
  }
}

void Pairing::align_both() {
  std::vector<size_t> first;
  std::vector<size_t> last;
  for (size_t i = 0; i < kernel_.size(); ++i) {
    if (shims_[i] || !kernel_[i].about_socket || is_continuation_[i]) continue;
    first.push_back(i);
    last.push_back(i);
    while (next_parts_[last.back()]) last.back() = *next_parts_[last.back()];
  }
  const auto worth = [&](size_t libc, size_t candidate) {
    return fit(libc_[libc], kernel_[last[candidate]], times_);
  };
  for (const AlignedPair& pair : align(libc_.size(), first.size(), worth))
    for (std::optional<size_t> part = first[pair.right]; part; part = next_parts_[*part])
      attach(pair.left, *part);
}

// The system calls that may belong to a libc call without any: those between what was paired with
// calls that had ended before it began, and with calls that began after it had ended.
Pairing::Gap Pairing::gap_of(size_t libc) const {
  const ComparedCall& call = libc_[libc];
  Gap gap{.begin = 0, .end = kernel_.size()};
  for (size_t i = libc; i-- > 0;) {
    if (libc - i > kNear) return {};
    if (syscalls_[i].empty() || libc_[i].end_ns > call.start_ns) continue;
    gap.begin = syscalls_[i].back() + 1;
    break;
  }
  for (size_t i = libc + 1; i < std::min(libc_.size(), libc + kNear); ++i) {
    if (syscalls_[i].empty() || libc_[i].start_ns < call.end_ns) continue;
    gap.end = syscalls_[i].front();
    break;
  }
  gap.end = std::min(gap.end, gap.begin + kWidestGap);
  return gap;
}

// The shim knows sockets that the log does not tell to be some. And a signal may come when a hook
// has begun and the kernel not been asked: then the handler's calls overtake the one that began
// first.
void Pairing::attach_unnoticed() {
  for (size_t libc = 0; libc < libc_.size(); ++libc) {
    if (!syscalls_[libc].empty() || libc_[libc].info->syscall.empty()) continue;
    const Gap gap = gap_of(libc);
    for (size_t i = gap.begin; i < gap.end; ++i) {
      const bool surely = !owners_[i] && !is_continuation_[i] &&
                          is_same_call(libc_[libc], kernel_[i]) &&
                          results_agree(libc_[libc], kernel_[i]) &&
                          same_arguments(libc_[libc].syscall, kernel_[i].text) &&
                          (times_ == Times::Unusable || is_within(kernel_[i], libc_[libc]));
      if (!surely) continue;
      for (std::optional<size_t> part = i; part; part = next_parts_[*part]) attach(libc, *part);
      break;
    }
  }
}

// The next call with the same arguments: that which an interrupted one may have become.
std::optional<size_t> Pairing::continued_by(size_t syscall) const {
  for (size_t next = syscall + 1; next < kernel_.size(); ++next)
    if (is_same_syscall(kernel_[syscall], kernel_[next])) return next;
  return std::nullopt;
}

// The kernel shows a call that it restarts as several. Any of them may have been paired.
void Pairing::attach_restarts() {
  for (size_t i = kernel_.size(); i-- > 0;) {
    if (!is_restart(kernel_[i])) continue;
    const auto next = continued_by(i);
    if (!next) continue;
    if (!owners_[i] && owners_[*next]) {
      attach(*owners_[*next], i);
    } else if (owners_[i] && !owners_[*next] && !is_foreign(*next) &&
               !results_agree(libc_[*owners_[i]], kernel_[i])) {
      attach(*owners_[i], *next);
    }
  }
  // What was attached may itself have been interrupted.
  for (size_t i = 0; i < kernel_.size(); ++i) {
    if (!owners_[i] || !is_restart(kernel_[i])) continue;
    const ComparedCall& libc = libc_[*owners_[i]];
    const auto next = continued_by(i);
    const size_t last = std::ranges::max(syscalls_[*owners_[i]]);
    if (next && !owners_[*next] && last == i && !results_agree(libc, kernel_[i]))
      attach(*owners_[i], *next);
  }
}

// execvp tries one folder after the other.
void Pairing::attach_failed_execs() {
  for (size_t i = kernel_.size(); i-- > 1;) {
    const bool is_attempt = is_exec(kernel_[i - 1]) && kernel_[i - 1].errnum != 0;
    if (!owners_[i] || owners_[i - 1] || !is_exec(kernel_[i]) || !is_attempt) continue;
    attach(*owners_[i], i - 1);
  }
}

// Inside ----------------------------------------------------------------------------------------

// The functions of a stream ask about its descriptor alone; freopen makes another file be it.
bool Pairing::may_be_inside(size_t libc, size_t syscall) const {
  const ComparedCall& call = libc_[libc];
  const ComparedCall& made = kernel_[syscall];
  const CallNumber function = call.info->number;
  if (function == CallNumber::fclose || function == CallNumber::fdopen)
    return is_on(syscall, made.info->number, call.arguments[0]);
  if (function != CallNumber::freopen) return true;
  const uint64_t fd = call.arguments[2];
  const bool duplicates =
      made.info->number == CallNumber::dup2 || made.info->number == CallNumber::dup3;
  return is_on(syscall, made.info->number, fd) ||
         (duplicates && static_cast<int32_t>(made.arguments[1]) == static_cast<int32_t>(fd));
}

void Pairing::attach_inside(size_t libc, size_t begin, size_t end) {
  const ComparedCall& call = libc_[libc];
  for (size_t i = begin; i < end; ++i) {
    if (owners_[i] || is_foreign(i)) continue;
    if (times_ == Times::OneClock && !is_within(kernel_[i], call)) continue;
    if (!may_be_inside(libc, i)) continue;
    attach(libc, i);
  }
}

// Between the system calls of the libc calls before and behind it.
void Pairing::attach_all_inside() {
  std::vector<size_t> ends(libc_.size() + 1, kernel_.size());
  for (size_t i = libc_.size(); i-- > 0;)
    ends[i] = syscalls_[i].empty() ? ends[i + 1] : std::ranges::min(syscalls_[i]);
  size_t begin = 0;
  for (size_t i = 0; i < libc_.size(); ++i) {
    if (is_inside(i)) attach_inside(i, begin, ends[i + 1]);
    for (const size_t syscall : syscalls_[i]) begin = std::max(begin, syscall + 1);
  }
}

}  // namespace wireseam
