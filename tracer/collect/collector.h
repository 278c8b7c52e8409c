// SPDX-License-Identifier: Apache-2.0
// Drains the shared region: what the traced programs wrote becomes events, in the order of their
// time, and records of a trace file. One thread uses it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "tracer/collect/region.h"
#include "tracer/trace/event.h"

namespace wireseam {

class TraceWriter;

class Collector {
 public:
  // Events go to the sink, records to the file; either may be null. Both must outlive the
  // collector.
  Collector(const RegionOptions& options, EventSink* sink, TraceWriter* file);
  ~Collector();

  // What a program needs in its environment to be traced: "LD_PRELOAD" and kRegionVariable are to
  // be set to these (a user's LD_PRELOAD follows the shim's path, after a colon).
  std::string shim_path() const;
  std::string region_path() const;

  // Takes what has been written since the last time. How many calls that were.
  size_t drain();

  // Sleeps until somebody needs room or the time is over.
  void wait(uint64_t timeout_ns);

  // A child of this process was reaped (waitpid): its end is told with this status, after all that
  // it did.
  void child_ended(int pid, int status);

  // Processes that have begun and not ended. One whose end nobody can tell us is looked for.
  size_t running_processes() const;

  // Takes all that is left, whatever state it is in, and tells the sink that the trace has ended.
  void finish();

  // Calls that could not be recorded.
  uint64_t lost() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace wireseam
