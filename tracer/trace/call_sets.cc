// SPDX-License-Identifier: Apache-2.0
// The classes are strace's; what strace does not know is in the class of what it does for the
// program.
#include "tracer/trace/call_sets.h"

#include <regex.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <string>

#include "common/error.h"
#include "tracer/trace/call_info.h"

namespace wireseam {
namespace {

struct CallClass {
  std::string_view name;
  std::string_view calls;  // libc names, a space around each
};

constexpr std::string_view kNetwork =
    " socket socketpair bind listen accept accept4 connect getsockname getpeername getsockopt"
    " setsockopt shutdown send sendto sendmsg sendmmsg recv recvfrom recvmsg recvmmsg sendfile"
    " getaddrinfo gethostbyname gethostbyname2 gethostbyname_r gethostbyname2_r ";
constexpr std::string_view kDescriptors =
    " read write readv writev preadv2 pwritev2 sendfile splice close dup dup2 dup3 fcntl ioctl poll"
    " ppoll select pselect epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2"
    " fdopen freopen fclose closefrom close_range io_uring_setup ";
constexpr std::string_view kExec =
    " execve fexecve execv execvp execvpe execl execlp execle execveat ";
constexpr std::string_view kProcess =
    " fork vfork posix_spawn posix_spawnp exit unshare clone system popen dlopen dlmopen ";

// Classes of which no call is traced are known, too: who names them gets nothing of them.
constexpr CallClass kClasses[] = {
    {"network", kNetwork}, {"net", kNetwork},     {"desc", kDescriptors}, {"file", kExec},
    {"process", kExec},    {"process", kProcess}, {"memory", ""},         {"signal", ""},
    {"ipc", ""},           {"creds", ""},         {"clock", ""},          {"pure", ""},
    {"stat", ""},          {"lstat", ""},         {"fstat", ""},          {"statfs", ""},
    {"fstatfs", ""},       {"%stat", ""},         {"%statfs", ""},
};

// Those that strace takes without '%', for old scripts.
constexpr std::string_view kPlainClasses[] = {"network", "desc",   "file", "process",
                                              "memory",  "signal", "ipc"};

template <typename Predicate>
std::set<int> calls_where(Predicate predicate) {
  std::set<int> numbers;
  for (const CallInfo& call : all_calls())
    if (predicate(call)) numbers.insert(static_cast<int>(call.number));
  return numbers;
}

bool lists(std::string_view names, std::string_view name) {
  return names.find(" " + std::string(name) + " ") != names.npos;
}

std::optional<std::set<int>> class_of(std::string_view token) {
  const bool plain = std::ranges::find(kPlainClasses, token) != std::end(kPlainClasses);
  if (!plain && !token.starts_with('%')) return std::nullopt;
  const std::string_view name = plain ? token : token.substr(1);
  if (std::ranges::find(kClasses, name, &CallClass::name) == std::end(kClasses))
    return std::nullopt;
  return calls_where([name](const CallInfo& call) {
    return std::ranges::any_of(kClasses, [&](const CallClass& row) {
      return row.name == name && lists(row.calls, call.name);
    });
  });
}

std::set<int> calls_like(const std::string& pattern) {
  regex_t expression;
  const int error = regcomp(&expression, pattern.c_str(), REG_EXTENDED | REG_NOSUB);
  if (error != 0) {
    std::array<char, 512> text{};
    regerror(error, &expression, text.data(), text.size());
    throw Error("regcomp: " + pattern + ": " + text.data());
  }
  const std::unique_ptr<regex_t, void (*)(regex_t*)> owner(&expression, regfree);
  const auto matches = [&](std::string_view name) {
    return !name.empty() && regexec(&expression, std::string(name).c_str(), 0, nullptr, 0) == 0;
  };
  return calls_where(
      [&](const CallInfo& call) { return matches(call.name) || matches(call.syscall); });
}

// "44", as strace takes it: what no traced call is behind is nothing, but no mistake.
std::optional<std::set<int>> calls_numbered(std::string_view token) {
  int number = 0;
  const char* end = token.data() + token.size();
  const auto [parsed, error] = std::from_chars(token.data(), end, number);
  if (error != std::errc{} || parsed != end || number < 0) return std::nullopt;
  return calls_where([number](const CallInfo& call) { return call.syscall_number == number; });
}

}  // namespace

std::optional<std::set<int>> calls_named(std::string_view token) {
  constexpr std::string_view kThisPersonality = "@64";
  if (token.ends_with(kThisPersonality)) token.remove_suffix(kThisPersonality.size());
  if (auto members = class_of(token)) return members;
  if (auto members = calls_numbered(token)) return members;
  std::set<int> numbers =
      token.starts_with('/')
          ? calls_like(std::string(token.substr(1)))
          : calls_where([token](const CallInfo& call) {
              return call.name == token || (!token.empty() && call.syscall == token);
            });
  if (numbers.empty()) return std::nullopt;
  return numbers;
}

}  // namespace wireseam
