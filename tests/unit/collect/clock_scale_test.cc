// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/clock_scale.h"

#include <time.h>

#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

uint64_t realtime_ns() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

}  // namespace

TEST_CASE("a reading of the region's clock lies between two looks at CLOCK_REALTIME") {
  ClockScale scale(best_region_clock());
  constexpr uint64_t kTolerance = 20'000;  // what the comparison may be off by
  for (int i = 0; i < 100; ++i) {
    scale.compare();
    const uint64_t before = realtime_ns();
    const uint64_t reading = scale.now();
    const uint64_t after = realtime_ns();
    CHECK(scale.to_realtime_ns(reading) >= before - kTolerance);
    CHECK(scale.to_realtime_ns(reading) <= after + kTolerance);
  }
}

TEST_CASE("CLOCK_REALTIME is taken as it is") {
  const ClockScale scale(RegionClock::Realtime);
  CHECK(scale.to_realtime_ns(1'700'000'000'000'000'000) == 1'700'000'000'000'000'000);
  CHECK(scale.duration_ns(100, 350) == 250);
}

TEST_CASE("a duration is never negative") {
  const ClockScale scale(best_region_clock());
  CHECK(scale.duration_ns(500, 100) == 0);
}
