// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/pcapng_clock.h"

#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

constexpr uint8_t kPowerOfTwo = 0x80;
constexpr uint64_t kMany = 12'345'678'901'234'567;
constexpr uint64_t kLatest = 9'223'372'035'000'000'000;

uint64_t time_of(unsigned resolution, uint64_t ticks, int64_t offset_s = 0) {
  return PcapngClock(static_cast<uint8_t>(resolution), offset_s).nanoseconds(ticks);
}

}  // namespace

TEST_CASE("a clock that nothing is said of counts microseconds") {
  CHECK(PcapngClock().nanoseconds(1'700'000'000'123'456) == 1'700'000'000'123'456'000);
}

TEST_CASE("ticks may be any negative power of ten of a second") {
  CHECK(time_of(0, 1'700'000'000) == 1'700'000'000'000'000'000);
  CHECK(time_of(3, 1'234) == 1'234'000'000);
  CHECK(time_of(9, kMany) == kMany);
  CHECK(time_of(10, kMany) == 1'234'567'890'123'456);
  CHECK(time_of(12, kMany) == 12'345'678'901'234);
  CHECK(time_of(19, 99'999'999'999) == 9);
  CHECK(time_of(28, UINT64_MAX) == 1);
  CHECK(time_of(29, UINT64_MAX) == 0);
  CHECK(time_of(0x7f, UINT64_MAX) == 0);
}

TEST_CASE("ticks may be any negative power of two of a second") {
  CHECK(time_of(kPowerOfTwo | 0, 7) == 7'000'000'000);
  CHECK(time_of(kPowerOfTwo | 10, 1536) == 1'500'000'000);
  CHECK(time_of(kPowerOfTwo | 34, kMany) == 718'613'091'229'610);
  CHECK(time_of(kPowerOfTwo | 63, uint64_t{3} << 62) == 1'500'000'000);
  CHECK(time_of(kPowerOfTwo | 64, uint64_t{1} << 63) == 500'000'000);
  CHECK(time_of(kPowerOfTwo | 0x7f, UINT64_MAX) == 0);
}

TEST_CASE("an offset is added in seconds, whatever the ticks are") {
  CHECK(time_of(6, 5, 100) == 100'000'005'000);
  CHECK(time_of(6, 100'000'000, -99) == 1'000'000'000);
  CHECK(time_of(kPowerOfTwo | 1, 3, 1) == 2'500'000'000);
}

TEST_CASE("a time out of reach is the nearest that there is") {
  CHECK(time_of(6, 100, -1) == 0);
  CHECK(time_of(0, UINT64_MAX) == kLatest);
  CHECK(time_of(9, UINT64_MAX) == kLatest);
  CHECK(time_of(0, UINT64_MAX, INT64_MAX) == kLatest);
  CHECK(time_of(0, 0, INT64_MIN) == 0);
}
