// SPDX-License-Identifier: Apache-2.0
// Turns the region's clock into CLOCK_REALTIME. The shim reads the TSC where it is a clock, because
// that costs a third of clock_gettime(2); its rate is measured here, against CLOCK_MONOTONIC, over
// the whole time of the trace, and each reading is counted from the latest comparison.
#pragma once

#include <cstdint>

#include "tracer/trace/format.h"

namespace wireseam {

// Tsc where it ticks at one rate on all CPUs and the kernel trusts it, else Realtime.
RegionClock best_region_clock();

class ClockScale {
 public:
  // Takes about 2 ms for Tsc, to learn the rate.
  explicit ClockScale(RegionClock clock);

  // Compares the clocks anew; call it before a batch of readings is converted.
  void compare();

  uint64_t to_realtime_ns(uint64_t reading) const;

  // Between two readings; 0 when they are the wrong way round.
  uint64_t duration_ns(uint64_t begin, uint64_t end) const;

  // A reading that is to be taken as now.
  uint64_t now() const;

  uint64_t ticks_of_ns(uint64_t ns) const;

 private:
  struct Comparison {
    uint64_t ticks = 0;
    uint64_t monotonic_ns = 0;
    uint64_t realtime_ns = 0;
  };
  static Comparison take_comparison();

  RegionClock clock_;
  Comparison first_;
  Comparison latest_;
  double ns_per_tick_ = 1;
};

}  // namespace wireseam
