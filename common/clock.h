// SPDX-License-Identifier: Apache-2.0
// What the clocks of clock_gettime(2) show, in nanoseconds.
#pragma once

#include <time.h>

#include <cstdint>

namespace wireseam {

inline uint64_t clock_ns(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

// Since the epoch.
inline uint64_t realtime_ns() { return clock_ns(CLOCK_REALTIME); }

}  // namespace wireseam
