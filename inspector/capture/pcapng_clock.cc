// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/pcapng_clock.h"

#include <algorithm>

namespace wireseam {
namespace {

__extension__ typedef __int128 int128;

constexpr int64_t kSecondNs = 1'000'000'000;
constexpr unsigned kSecondDigits = 9;
constexpr uint8_t kPowerOfTwo = 0x80;
constexpr unsigned kMostDigits = 19;  // that 64 bits have room for
// Room is left for what is added to a time.
constexpr int128 kLatestNs = int128{INT64_MAX} / kSecondNs * kSecondNs - kSecondNs;

uint64_t power_of_ten(unsigned exponent) {
  uint64_t power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

}  // namespace

PcapngClock::PcapngClock(uint8_t resolution, int64_t offset_s) : offset_s_(offset_s) {
  if ((resolution & kPowerOfTwo) != 0) {
    multiply_ = kSecondNs;
    shift_ = resolution & ~kPowerOfTwo;
  } else if (resolution <= kSecondDigits) {
    multiply_ = power_of_ten(kSecondDigits - resolution);
  } else {
    // 64 bits of finer ticks are less than a nanosecond.
    if (resolution > kSecondDigits + kMostDigits) multiply_ = 0;
    divide_ = power_of_ten(std::min(resolution - kSecondDigits, kMostDigits));
  }
}

uint64_t PcapngClock::nanoseconds(uint64_t ticks) const {
  int128 time_ns = int128{ticks} * multiply_ >> shift_;
  if (divide_ != 1) time_ns /= divide_;
  time_ns += int128{offset_s_} * kSecondNs;
  return static_cast<uint64_t>(std::clamp(time_ns, int128{0}, kLatestNs));
}

}  // namespace wireseam
