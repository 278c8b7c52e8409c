// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/log_event.h"

#include <algorithm>

namespace wireseam {
namespace {

struct OtherName {
  std::string_view syscall;
  std::string_view row;
};

// Where the libc function with the system call's parameters has another name.
constexpr OtherName kOtherNames[] = {
    {"pselect6", "pselect"},    {"_newselect", "select"}, {"exit_group", "exit"},
    {"sendfile64", "sendfile"}, {"fcntl64", "fcntl"},
};

// exit(2) ends a thread, libc's a process.
constexpr std::string_view kEndOfThread = "exit";

// A request of a kind of file that is no socket.
bool is_foreign_request(const Encoding& encoding) {
  const LogValue* request = encoding.value(1);
  return encoding.info().number == CallNumber::ioctl && request != nullptr &&
         request->kind == LogValue::Kind::Word && encoding.argument(1) == 0;
}

}  // namespace

const CallInfo* row_of_syscall(std::string_view syscall, std::string_view text) {
  const Offspring offspring = offspring_of(syscall, text);
  if (offspring == Offspring::Fork) return find_call(CallNumber::fork);
  if (offspring == Offspring::Vfork) return find_call(CallNumber::vfork);
  const auto* other = std::ranges::find(kOtherNames, syscall, &OtherName::syscall);
  if (other != std::end(kOtherNames)) return find_call(other->row);
  if (syscall == kEndOfThread) return nullptr;
  const CallInfo* row = find_call(syscall);
  return row != nullptr && !row->syscall.empty() ? row : nullptr;
}

LogEvent read_log_event(const CallInfo& row, std::string_view text) {
  LogEvent event;
  auto call = parse_log_call(text);
  if (!call) return {.log = nullptr, .encoding = nullptr, .problem = "this is no call"};
  event.log = std::make_unique<LogCall>(std::move(*call));
  event.encoding = std::make_unique<Encoding>(row, *event.log);
  event.problem = event.encoding->reader().problem();
  if (!is_foreign_request(*event.encoding)) return event;
  return {};
}

}  // namespace wireseam
