// SPDX-License-Identifier: Apache-2.0
// calls.def, expanded into a table that is sorted by number.
#include "tracer/trace/call_info.h"

#include <sys/syscall.h>

#include <algorithm>

// Calls that newer architectures never had.
#ifndef SYS_dup2
#define SYS_dup2 (-1)
#endif
#ifndef SYS_epoll_create
#define SYS_epoll_create (-1)
#endif
#ifndef SYS_epoll_wait
#define SYS_epoll_wait (-1)
#endif
#ifndef SYS_poll
#define SYS_poll (-1)
#endif
#ifndef SYS_vfork
#define SYS_vfork (-1)
#endif

namespace wireseam {
namespace {

struct ParameterList {
  std::array<Parameter, kMaxArguments> parameters{};
  size_t count = 0;
};

// "sockfd, addr, addrlen" and the kinds of these three.
template <typename... Kinds>
consteval ParameterList parameter_list(std::string_view names, Kinds... kinds) {
  const std::array<ParameterKind, sizeof...(kinds) + 1> kind_of{kinds..., ParameterKind::Int};
  ParameterList list;
  while (!names.empty()) {
    const size_t comma = std::min(names.find(','), names.size());
    list.parameters[list.count] = {names.substr(0, comma), kind_of[list.count]};
    ++list.count;
    names.remove_prefix(std::min(names.size(), comma + 2));
  }
  if (list.count != sizeof...(kinds)) throw "a row of calls.def has as many kinds as names";
  return list;
}

consteval CallInfo row(CallNumber number, std::string_view name, std::string_view syscall,
                       int syscall_number, std::string_view tail, Traced traced, ResultKind result,
                       ParameterList list) {
  return {number, name, syscall, syscall_number, tail, traced, result, list.parameters, list.count};
}

constexpr int SYS_ = -1;  // the number of the call that has no name

using enum ParameterKind;

#define TEXT(...) #__VA_ARGS__
#define COMMA_LIST(...) __VA_OPT__(, ) __VA_ARGS__
#define CALL(number, name, syscall, tail, traced, result, type, parameters, names, kinds)         \
  row(CallNumber::name, #name, #syscall, SYS_##syscall, tail, Traced::traced, ResultKind::result, \
      parameter_list(TEXT names COMMA_LIST kinds)),
#define SPECIAL CALL
constexpr CallInfo kCalls[] = {
#include "tracer/trace/calls.def"
};
#undef COMMA_LIST
#undef TEXT

constexpr bool by_number(const CallInfo& a, const CallInfo& b) { return a.number < b.number; }
static_assert(std::is_sorted(std::begin(kCalls), std::end(kCalls), by_number));

}  // namespace

std::span<const CallInfo> all_calls() { return kCalls; }

const CallInfo* find_call(CallNumber number) {
  const auto* row = std::lower_bound(
      std::begin(kCalls), std::end(kCalls), number,
      [](const CallInfo& info, CallNumber wanted) { return info.number < wanted; });
  return row != std::end(kCalls) && row->number == number ? row : nullptr;
}

const CallInfo* find_call(std::string_view name) {
  const auto* row = std::find_if(std::begin(kCalls), std::end(kCalls),
                                 [name](const CallInfo& info) { return info.name == name; });
  return row != std::end(kCalls) ? row : nullptr;
}

}  // namespace wireseam
