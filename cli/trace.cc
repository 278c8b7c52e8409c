// SPDX-License-Identifier: Apache-2.0
// wireseam trace.
#include "cli/command_line.h"
#include "cli/trace_options.h"
#include "cli/verbs.h"
#include "tracer/run/trace_via_strace.h"

namespace wireseam {

int run_trace(std::span<char* const> arguments) {
  const TraceRequest request = parse_trace(arguments);
  const bool by_strace = request.via == Tracer::Strace;
  return end_like(by_strace ? trace_via_strace(request, warn) : trace_program(request, warn));
}

}  // namespace wireseam
