// SPDX-License-Identifier: Apache-2.0
// Where the events of a running program come from: the shim's region, or the output of strace.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wireseam {

class TraceSource {
 public:
  virtual ~TraceSource() = default;

  // Takes what has been written since the last time. How many records that were.
  virtual size_t drain() = 0;

  // Sleeps until there may be something, or the time is over.
  virtual void wait(uint64_t timeout_ns) = 0;

  // A child of ours was reaped (waitpid): its end is told with this status, after all that it did.
  virtual void child_ended(uint32_t pid, int32_t status) = 0;

  // Processes that have begun and not ended. May cost a search for them.
  virtual size_t running_processes() = 0;

  // Takes all that is left, whatever state it is in, and tells the sink that the trace has ended.
  virtual void finish() = 0;
};

}  // namespace wireseam
