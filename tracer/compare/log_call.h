// SPDX-License-Identifier: Apache-2.0
// A call as strace wrote it: its arguments as trees, and what it returned. The text may be
// anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tracer/compare/log_value.h"
#include "tracer/trace/event.h"

namespace wireseam {

// Its views point into the text.
struct LogCall {
  std::vector<LogValue> arguments;
  CallState state = CallState::Returned;  // Running: only its beginning was written
  int64_t result = 0;
  int32_t errnum = 0;            // also what the kernel restarts: ERESTARTSYS, ...
  std::string_view result_note;  // what -y puts behind a descriptor
  // Behind the result: (in [3], left {tv_sec=1, tv_nsec=0}), ([{fd=3, revents=POLLIN}]).
  std::vector<LogValue> told;
  std::optional<uint64_t> duration_ns;  // -T
};

// "ARGUMENTS) = RESULT", or "ARGUMENTS <unfinished ...>" of a call that goes on. No value where it
// is neither.
std::optional<LogCall> parse_log_call(std::string_view text);

}  // namespace wireseam
