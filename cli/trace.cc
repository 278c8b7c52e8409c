// SPDX-License-Identifier: Apache-2.0
// wireseam trace.
#include "cli/command_line.h"
#include "cli/trace_options.h"
#include "cli/verbs.h"

namespace wireseam {

int run_trace(std::span<char* const> arguments) {
  const TraceRequest request = parse_trace(arguments);
  return end_like(trace_program(request, warn));
}

}  // namespace wireseam
