// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/trace_program.h"

#include <cstdlib>
#include <optional>

#include "tracer/collect/clock_scale.h"
#include "tracer/collect/collector.h"
#include "tracer/collect/follow.h"
#include "tracer/collect/own_limits.h"
#include "tracer/collect/search_path.h"
#include "tracer/collect/secure_execution.h"
#include "tracer/collect/shim_location.h"
#include "tracer/collect/trace_outputs.h"
#include "tracer/collect/untraceable.h"
#include "tracer/collect/user.h"

namespace wireseam {
namespace {

ProgramEnvironment make_environment(const TraceRequest& request, const Collector& collector,
                                    const std::optional<Untraceable>& obstacle) {
  ProgramEnvironment environment = own_environment();
  for (const std::string& change : request.environment_changes)
    change_variable(environment, change);
  // A foreign program's loader would only complain about the shim.
  if (!obstacle || obstacle->obstacle != Obstacle::Foreign)
    add_tracing(environment, collector.shim_path(), collector.region_path());
  return environment;
}

}  // namespace

ProgramCommand find_command(const std::vector<std::string>& command, const std::string& user) {
  const char* search_path = std::getenv("PATH");
  const char* where = search_path == nullptr ? "/bin:/usr/bin" : search_path;
  return {find_program(command.front(), where), command, user};
}

int32_t trace_program(const TraceRequest& request, const Warn& warn) {
  ProgramCommand command = find_command(request.command, request.user);
  if (request.argv0) command.arguments.front() = *request.argv0;
  leave_secure_execution();
  Program program(command, request.parent);
  TraceOutputs outputs(request, warn);
  lift_own_limits();
  if (!request.user.empty()) become_user(request.user);
  const auto obstacle = find_obstacle(command.path);
  if (obstacle) {
    outputs.miss(obstacle->reason);
    outputs.unseen(static_cast<uint32_t>(program.pid()));
  }
  const ShimLocation shim;
  Collector collector({.payload_limit = request.payload_limit,
                       .clock = best_region_clock(),
                       .shim_path = shim.path()},
                      outputs.for_collector());
  collector.set_program(program.pid());
  const int32_t status =
      follow(program, make_environment(request, collector, obstacle), collector, outputs.hooks());
  outputs.calls_lost(collector.lost());
  outputs.tell_unwritten();
  return status;
}

}  // namespace wireseam
