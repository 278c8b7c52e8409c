// SPDX-License-Identifier: Apache-2.0
#include "tracer/run/compare_program.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "tracer/collect/clock_scale.h"
#include "tracer/collect/collector.h"
#include "tracer/collect/elf_symbols.h"
#include "tracer/collect/follow.h"
#include "tracer/collect/local_interfaces.h"
#include "tracer/collect/own_limits.h"
#include "tracer/collect/shim_location.h"
#include "tracer/collect/untraceable.h"
#include "tracer/compare/call_transcript.h"
#include "tracer/compare/log_input.h"
#include "tracer/compare/strace_log.h"
#include "tracer/compare/unread_lines.h"
#include "tracer/run/both_sources.h"
#include "tracer/run/python_hook.h"
#include "tracer/run/strace.h"
#include "tracer/run/strace_source.h"
#include "tracer/trace/event_sorter.h"
#include "tracer/trace/reader.h"

namespace wireseam {
namespace {

// Long enough for a path in a mark of an operation.
constexpr uint32_t kMarkSize = 1024;

// The loader maps files, whose code it then is that asks the kernel.
constexpr const char* kLoaderSyscalls = ",?mmap,?mmap2";

TextOptions shown_as(size_t string_limit) {
  TextOptions options;
  options.string_limit = string_limit;
  options.interfaces = local_interfaces();
  return options;
}

// Reads a library's symbols once for each address.
class Symbols {
 public:
  std::optional<std::string> find(const std::string& module, uint64_t address) {
    const auto [found, is_new] = known_.try_emplace({module, address});
    if (!is_new) return found->second;
    if (const auto symbol = find_elf_symbol(module, address)) found->second = symbol->name;
    return found->second;
  }

 private:
  std::map<std::pair<std::string, uint64_t>, std::optional<std::string>> known_;
};

// Programs that the shim can't be in.
using Obstacles = std::map<uint32_t, std::string>;  // by pid: why

Comparison compare_transcripts(CallTranscript& libc, CallTranscript& kernel,
                               const Obstacles& obstacles) {
  Symbols symbols;
  const ComparisonSources sources{
      .symbol = [&](const std::string& module,
                    uint64_t address) { return symbols.find(module, address); },
      .out_of_sight = [&](const ComparedProgram& program) -> std::optional<std::string> {
        const auto found = obstacles.find(program.pid);
        if (found == obstacles.end()) return std::nullopt;
        return found->second;
      }};
  return compare(libc.take(), kernel.take(), sources);
}

// The program alone is to have it: strace is started with our own environment.
std::vector<std::string> environment_of(const Collector& collector, const PythonHook* python) {
  const ProgramEnvironment own = own_environment();
  ProgramEnvironment traced = own;
  add_tracing(traced, collector.shim_path(), collector.region_path());
  if (python != nullptr) python->add_to(traced);
  std::vector<std::string> changes;
  for (const std::string& item : traced)
    if (std::ranges::find(own, item) == own.end()) changes.push_back(item);
  return changes;
}

RegionOptions region_options(const CompareRequest& request, const ShimLocation& shim) {
  RegionOptions options;
  options.payload_limit = static_cast<uint32_t>(request.string_limit);
  options.clock = best_region_clock();
  options.shim_path = shim.path();
  return options;
}

CollectorOutputs collector_outputs(EventSink& sink, Obstacles& obstacles) {
  CollectorOutputs outputs;
  outputs.sink = &sink;
  outputs.untraceable = [&obstacles](uint32_t pid, const std::string& why, Sight) {
    obstacles[pid] = why;
  };
  outputs.why_untraceable = why_untraceable;
  return outputs;
}

ProgramCommand strace_beside_shim(const CompareRequest& request, const StraceSource& source,
                                  std::vector<std::string> environment) {
  const auto shown = static_cast<uint32_t>(request.string_limit);
  return strace_command(
      {.command = request.command,
       .output = source.path(),
       .environment_changes = std::move(environment),
       .user = {},
       .string_limit = request.python ? std::max(shown, kMarkSize) : shown,
       .options = {"-i", "-y", "-e", "trace=" + traced_syscalls() + kLoaderSyscalls}});
}

void note_obstacle(Obstacles& obstacles, const Program& program, const CompareRequest& request) {
  const auto why = why_untraceable(find_command(request.command, {}).path);
  if (why) obstacles[static_cast<uint32_t>(program.pid())] = *why;
}

FollowHooks hooks(const Warn& warn) {
  return {.drained = [] {},
          .interrupted =
              [&warn](size_t) {
                warn(
                    "the program has ended, and others that it started still run; Ctrl-C once more "
                    "compares what was seen of them so far");
              }};
}

void read_recording(const std::string& name, EventSink& sink, const Warn& warn) {
  LogInput input = open_log_input(name);
  if (!input.is_trace()) throw Error("'" + name + "' is no trace file");
  TraceReader reader(std::move(input.file), name, std::as_bytes(std::span(input.begun)));
  const std::string damage = to_string(replay_trace(reader, sink));
  if (!damage.empty()) warn(name + ": " + damage);
}

}  // namespace

ProgramComparison compare_program(const CompareRequest& request, const Warn& warn) {
  StraceSource source;
  const auto python = request.python ? std::make_unique<PythonHook>() : nullptr;
  Obstacles obstacles;
  const ShimLocation shim;
  CallTranscript libc(View::Libc, shown_as(request.string_limit));
  Collector collector(region_options(request, shim), collector_outputs(libc, obstacles));
  Program program(strace_beside_shim(request, source, environment_of(collector, python.get())),
                  ProgramParent::Tracer);
  collector.set_program(program.pid());
  lift_own_limits();
  note_obstacle(obstacles, program, request);
  UnreadLines unread("strace", warn);
  CallTranscript kernel(View::Syscall, shown_as(request.string_limit));
  StraceLog log(
      kernel, [&](const UnreadLine& line) { unread.add(line); }, LogCalls::All);
  source.set_takers({.line = [&](std::string_view line) { log.add_line(line); },
                     .idle = [] {},
                     .end = [&] { log.finish(); }});
  BothSources both(collector, source);
  ProgramComparison result;
  result.status = follow(program, own_environment(), both, hooks(warn));
  if (!source.has_begun()) refuse_silence();
  unread.finish();
  result.comparison = compare_transcripts(libc, kernel, obstacles);
  return result;
}

Comparison compare_files(const std::string& recording, const std::vector<std::string>& logs,
                         size_t string_limit, const Warn& warn) {
  CallTranscript libc(View::Libc, shown_as(string_limit));
  read_recording(recording, libc, warn);
  std::vector<LogInput> inputs;
  for (const std::string& name : logs) inputs.push_back(open_log_input(name));
  UnreadLines unread(logs.front(), warn);
  CallTranscript kernel(View::Syscall, shown_as(string_limit));
  StraceLog log(
      kernel, [&](const UnreadLine& line) { unread.add(line); }, LogCalls::All);
  read_log(std::move(inputs), log, [] {});
  unread.finish();
  return compare_transcripts(libc, kernel, {});
}

}  // namespace wireseam
