// SPDX-License-Identifier: Apache-2.0
// The time of a record, on the clock that the collector chose: ticks of the TSC, which the
// collector turns into CLOCK_REALTIME, or CLOCK_REALTIME itself where the TSC is no clock.
#pragma once

#include <time.h>

#include "tracer/trace/format.h"

namespace wireseam {

inline uint64_t realtime_ns() {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);  // the vDSO's: no system call
  return static_cast<uint64_t>(now.tv_sec) * 1000000000u + static_cast<uint64_t>(now.tv_nsec);
}

inline uint64_t read_clock([[maybe_unused]] RegionClock clock) {
#if defined(__x86_64__)
  if (clock == RegionClock::Tsc) return __builtin_ia32_rdtsc();
#endif
  return realtime_ns();
}

}  // namespace wireseam
