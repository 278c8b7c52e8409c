// SPDX-License-Identifier: Apache-2.0
// Drains the shared region: what the traced programs wrote becomes events, in the order of their
// time, and records of a trace file. One thread uses it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tracer/collect/region.h"
#include "tracer/collect/trace_source.h"
#include "tracer/collect/unseen_programs.h"
#include "tracer/trace/event.h"

namespace wireseam {

class Error;
class TraceWriter;
struct CollectorState;

// Where what was collected goes. All may be empty; what is set must outlive the collector.
struct CollectorOutputs {
  EventSink* sink = nullptr;
  TraceWriter* file = nullptr;
  // The file could not be written; nothing more goes there.
  std::function<void(const Error&)> file_failed;
  // The trace has ended, and so many calls did not come into the file that failed.
  std::function<void(uint64_t calls)> file_lacks;
  // Whether it is found out who called: module and symbol.
  bool callers = false;
  // Of a process's calls, or of those of what it starts, none or not all are seen, and this says
  // why.
  std::function<void(uint32_t pid, const std::string& reason, Sight sight)> untraceable;
  // A traced program has written into the shared region what the shim does not: from now on the
  // trace may lack calls, or have some that it made up. Said once.
  std::function<void(const std::string& what)> damaged;
  // Asked about each such program; no value: it will be traced. (untraceable.h)
  std::function<std::optional<std::string>(const std::string& path)> why_untraceable;
};

class Collector : public TraceSource {
 public:
  Collector(const RegionOptions& options, CollectorOutputs outputs);
  ~Collector() override;

  // What a program needs in its environment to be traced: LD_PRELOAD and kRegionVariable are to be
  // set to these (a user's LD_PRELOAD follows the shim's path, after a colon).
  std::string shim_path() const;
  std::string region_path() const;

  // The process from which all that are traced descend; to be said before it is started.
  void set_program(pid_t program);

  size_t drain() override;
  // Also until somebody needs room.
  void wait(uint64_t timeout_ns) override;
  void child_ended(uint32_t pid, int32_t status) override;
  size_t running_processes() override;
  void finish() override;

  // Calls that could not be recorded.
  uint64_t lost() const;

 private:
  std::unique_ptr<CollectorState> state_;
};

}  // namespace wireseam
