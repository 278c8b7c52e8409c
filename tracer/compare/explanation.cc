// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/explanation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "tracer/trace/call_info.h"

namespace wireseam {
namespace {

struct Trait {
  std::string_view text;  // in an address
  std::string_view purpose;
};

// What libc's own sockets are known by.
constexpr Trait kTraits[] = {
    {"/nscd/socket", "name service (nscd)"},
    {"/dev/log", "syslog"},
    {"sin_port=htons(53)", "name resolution"},
    {"sin6_port=htons(53)", "name resolution"},
    {"/run/systemd/userdb/", "name service (systemd)"},
    {"socket(AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC, NETLINK_ROUTE)", "the list of interfaces"},
};

std::string_view purpose_in(std::string_view text) {
  for (const Trait& trait : kTraits)
    if (text.find(trait.text) != text.npos) return trait.purpose;
  return {};
}

bool is_call(const ComparedCall& call, CallNumber number) { return call.info->number == number; }

int descriptor_of(const ComparedCall& call) { return static_cast<int>(call.arguments[0]); }

Difference inside(std::string_view purpose) {
  return {Verdict::InsideLibc, fmt::format("inside libc: {}", purpose)};
}

// Functions that refuse some arguments without asking the kernel.
bool refuses_by_itself(const ComparedCall& libc) {
  const std::string_view syscall = libc.info->syscall;
  return libc.errnum != 0 && (syscall.starts_with("exec") || syscall == "clone3" ||
                              libc.errnum == ENOSYS || libc.errnum == EINVAL);
}

}  // namespace

Explanation::Explanation(const ThreadComparison& thread, const Pairing& pairing,
                         const RunFacts& facts, const ComparisonSources& sources)
    : thread_(thread), pairing_(pairing), facts_(facts), sources_(sources) {}

Difference Explanation::of_syscall(size_t syscall) {
  const ComparedCall& call = thread_.kernel.calls[syscall];
  const auto unseen = facts_.out_of_sight.find(call.process);
  if (unseen != facts_.out_of_sight.end()) return {Verdict::OutOfSight, unseen->second};
  const bool of_libc = call.origin == Origin::Libc || call.origin == Origin::Loader ||
                       call.origin == Origin::Unknown;
  if (of_libc) {
    const std::string purpose = purpose_of(syscall);
    if (!purpose.empty()) return inside(purpose);
  }
  return by_origin(call);
}

std::string Explanation::purpose_of(size_t syscall) {
  const ComparedCall& call = thread_.kernel.calls[syscall];
  if (facts_.spawned.contains(call.process)) return "the child of posix_spawn";
  if (is_call(call, CallNumber::exit)) return "the end of main";
  if (is_call(call, CallNumber::socket)) {
    std::string purpose = purpose_of_socket(syscall);
    if (!purpose.empty() && call.errnum == 0) purposes_[static_cast<int>(call.result)] = purpose;
    return purpose;
  }
  const auto known = purposes_.find(descriptor_of(call));
  if (known != purposes_.end()) {
    std::string purpose = known->second;
    if (is_call(call, CallNumber::close)) purposes_.erase(known);
    return purpose;
  }
  if (is_of_stream(call)) return "stdio";
  return std::string(purpose_in(call.text));
}

// By its kind, or by what it will be connected to.
std::string Explanation::purpose_of_socket(size_t syscall) const {
  const auto& calls = thread_.kernel.calls;
  if (const auto purpose = purpose_in(calls[syscall].text); !purpose.empty())
    return std::string(purpose);
  for (size_t i = syscall + 1; i < calls.size(); ++i) {
    const bool same = descriptor_of(calls[i]) == static_cast<int>(calls[syscall].result);
    if (same && is_call(calls[i], CallNumber::connect))
      return std::string(purpose_in(calls[i].text));
    if (same && is_call(calls[i], CallNumber::close)) return {};
  }
  return {};
}

bool Explanation::is_of_stream(const ComparedCall& call) const {
  const auto streams = facts_.streams.find(thread_.pid);
  const int fd = descriptor_of(call);
  const bool is_stream =
      (fd >= 0 && fd <= 2) || (streams != facts_.streams.end() && streams->second.contains(fd));
  return is_stream && (is_call(call, CallNumber::read) || is_call(call, CallNumber::write) ||
                       is_call(call, CallNumber::writev) || is_call(call, CallNumber::close));
}

// Code of libc that is no function which the shim watches was called by libc alone.
Difference Explanation::by_origin(const ComparedCall& call) const {
  if (call.origin == Origin::Program)
    return {Verdict::OutOfSight, "made by the program itself, past libc"};
  if (call.origin == Origin::Loader) return inside("the loader, or a libc that is one (musl)");
  if (call.origin == Origin::OtherLibrary)
    return {Verdict::OutOfSight, fmt::format("made by {} itself, past libc", call.module)};
  if (call.origin == Origin::Libc && sources_.symbol) {
    const auto symbol = sources_.symbol(call.module, call.module_address);
    if (!symbol) return inside("a function of its own");
    std::string_view name = *symbol;
    name.remove_prefix(std::min(name.find_first_not_of('_'), name.size()));
    if (find_call(name) == nullptr) return inside(*symbol);
    return {Verdict::Unexplained, fmt::format("nobody was seen to call {}", *symbol)};
  }
  return {Verdict::Unexplained, "no libc call was seen for it"};
}

Difference Explanation::of_libc(size_t libc) const {
  const ComparedCall& call = thread_.libc.calls[libc];
  if (thread_.kernel.calls.empty())
    return {Verdict::Unexplained, "strace has nothing of this thread"};
  if (pairing_.is_inside(libc) || call.info->syscall.empty())
    return {Verdict::Same, "libc needed no socket for it"};
  if (call.state != CallState::Returned)
    return {Verdict::OutOfSight, "its thread ended before it asked the kernel"};
  if (refuses_by_itself(call)) return {Verdict::Different, "refused by libc itself"};
  return {Verdict::Unexplained, "no system call was seen for it"};
}

}  // namespace wireseam
