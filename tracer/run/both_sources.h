// SPDX-License-Identifier: Apache-2.0
// The shim's region and the output of strace, followed together.
#pragma once

#include <algorithm>

#include "tracer/collect/trace_source.h"

namespace wireseam {

class BothSources : public TraceSource {
 public:
  // Both must outlive this. The first may know of more processes, the second tells when something
  // is to be done.
  BothSources(TraceSource& shim, TraceSource& strace) : shim_(shim), strace_(strace) {}

  size_t drain() override { return shim_.drain() + strace_.drain(); }
  void wait(uint64_t timeout_ns) override { strace_.wait(timeout_ns); }
  void child_ended(uint32_t pid, int32_t status) override {
    shim_.child_ended(pid, status);
    strace_.child_ended(pid, status);
  }
  size_t running_processes() override {
    return std::max(shim_.running_processes(), strace_.running_processes());
  }
  void finish() override {
    shim_.finish();
    strace_.finish();
  }

 private:
  TraceSource& shim_;
  TraceSource& strace_;
};

}  // namespace wireseam
