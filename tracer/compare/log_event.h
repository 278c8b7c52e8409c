// SPDX-License-Identifier: Apache-2.0
// One system call of a strace log as the event of a libc call: which row of calls.def it is, and
// what its arguments become.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tracer/compare/encode/encoding.h"
#include "tracer/compare/log_call.h"
#include "tracer/compare/log_threads.h"

namespace wireseam {

// The row that has this system call's parameters: the libc function of the same name, mostly; of
// clone(2) by its flags, which `text` has. nullptr where there is none.
const CallInfo* row_of_syscall(std::string_view syscall, std::string_view text);

// A call that was read, or why not; neither where it is one that can't be about a socket.
struct LogEvent {
  std::unique_ptr<LogCall> log;
  std::unique_ptr<Encoding> encoding;  // refers to `log`
  std::string problem;
};

// `text` is what followed "name(", and must live as long as the answer.
LogEvent read_log_event(const CallInfo& row, std::string_view text);

}  // namespace wireseam
