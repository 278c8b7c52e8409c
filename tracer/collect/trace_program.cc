// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/trace_program.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

#include "common/error.h"
#include "tracer/collect/clock_scale.h"
#include "tracer/collect/collector.h"
#include "tracer/collect/follow.h"
#include "tracer/collect/local_interfaces.h"
#include "tracer/collect/own_limits.h"
#include "tracer/collect/search_path.h"
#include "tracer/collect/shim_location.h"
#include "tracer/collect/untraceable.h"
#include "tracer/collect/user.h"
#include "tracer/trace/writer.h"

namespace wireseam {
namespace {

uint64_t realtime_ns() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

Fd create_file(const std::string& path) {
  Fd file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!file) throw Error("cannot create", path, errno);
  return file;
}

ProgramCommand find_command(const TraceRequest& request) {
  const char* search_path = std::getenv("PATH");
  return {
      find_program(request.command.front(), search_path == nullptr ? "/bin:/usr/bin" : search_path),
      request.command, request.user};
}

// A live trace is of this host, so its interfaces are ours.
PrintOptions live_options(const TraceRequest& request) {
  PrintOptions options = request.printed;
  options.text.interfaces = local_interfaces();
  return options;
}

// All that the trace is turned into. Each part may fail for itself, and the program goes on.
class TraceOutputs {
 public:
  TraceOutputs(const TraceRequest& request, const Warn& warn) : warn_(warn) {
    callers_ = !request.save.empty() || request.printed.format == PrintFormat::Json;
    if (request.print) printing_ = open_printing(live_options(request), STDERR_FILENO);
    if (!request.save.empty())
      file_.emplace(create_file(request.save), request.save, realtime_ns());
  }

  CollectorOutputs for_collector() {
    return {.sink = printing_.get(),
            .file = file_ ? &*file_ : nullptr,
            .file_failed = [this](const Error& error) { file_failed(error); },
            .callers = callers_,
            .untraceable = [this](uint32_t pid, const std::string& why) { untraceable(pid, why); },
            .why_untraceable = why_untraceable};
  }

  FollowHooks hooks() {
    return {.drained = [this] { flush(); },
            .interrupted = [this](size_t processes) { interrupted(processes); }};
  }

 private:
  void flush() {
    if (!printing_ || told_failure_) return;
    printing_->flush();
    const auto failure = printing_->failure();
    if (!failure) return;
    told_failure_ = true;
    warn_(failure->what() + std::string("; the program goes on, unseen"));
  }

  void file_failed(const Error& error) {
    warn_(error.what() + std::string("; the program goes on, and the trace file ends here"));
  }

  void untraceable(uint32_t pid, const std::string& why) {
    flush();
    warn_("process " + std::to_string(pid) + ": " + why);
  }

  void interrupted(size_t processes) {
    warn_("the program has ended, and so many processes of it still run: " +
          std::to_string(processes) + "; Ctrl-C once more ends the trace, not them");
  }

  const Warn& warn_;
  std::unique_ptr<Printing> printing_;
  std::optional<TraceWriter> file_;
  bool callers_ = false;  // finding out who called costs time, and text doesn't tell it
  bool told_failure_ = false;
};

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

int32_t trace_program(const TraceRequest& request, const Warn& warn) {
  const ProgramCommand command = find_command(request);
  Program program(command, request.parent);
  TraceOutputs outputs(request, warn);
  lift_own_limits();
  if (!request.user.empty()) become_user(request.user);
  const auto obstacle = find_obstacle(command.path);
  if (obstacle) warn(obstacle->reason);
  const ShimLocation shim;
  Collector collector({.payload_limit = request.payload_limit,
                       .clock = best_region_clock(),
                       .shim_path = shim.path()},
                      outputs.for_collector());
  return follow(program, make_environment(request, collector, obstacle), collector,
                outputs.hooks());
}

}  // namespace wireseam
