// SPDX-License-Identifier: Apache-2.0
#include "tracer/run/trace_via_strace.h"

#include "tracer/collect/follow.h"
#include "tracer/collect/own_limits.h"
#include "tracer/collect/secure_execution.h"
#include "tracer/collect/trace_outputs.h"
#include "tracer/compare/strace_log.h"
#include "tracer/compare/unread_lines.h"
#include "tracer/run/strace.h"
#include "tracer/run/strace_source.h"

namespace wireseam {
namespace {

std::vector<std::string> options_for(const TraceRequest& request) {
  std::vector<std::string> options = {"-yy", "-e", "trace=" + traced_syscalls()};
  if (request.argv0) options.push_back("--argv0=" + *request.argv0);
  return options;
}

}  // namespace

int32_t trace_via_strace(const TraceRequest& request, const Warn& warn) {
  leave_secure_execution();
  StraceSource source;
  const ProgramCommand command = strace_command({.command = request.command,
                                                 .output = source.path(),
                                                 .environment_changes = request.environment_changes,
                                                 .user = request.user,
                                                 .string_limit = request.payload_limit,
                                                 .options = options_for(request)});
  Program program(command, request.parent);
  TraceOutputs outputs(request, warn);
  lift_own_limits();
  UnreadLines unread("strace", warn);
  const auto sink = outputs.for_events();
  StraceLog log(*sink, [&](const UnreadLine& line) { unread.add(line); });
  source.set_takers({.line = [&](std::string_view line) { log.add_line(line); },
                     .idle = [&] { sink->idle(); },
                     .end = [&] { log.finish(); }});
  const int32_t status = follow(program, own_environment(), source, outputs.hooks());
  if (!source.has_begun()) refuse_silence();
  unread.finish();
  outputs.tell_unwritten();
  return status;
}

}  // namespace wireseam
