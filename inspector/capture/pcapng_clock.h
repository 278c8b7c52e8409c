// SPDX-License-Identifier: Apache-2.0
// The times of an interface in a pcapng file: ticks since the Epoch, of a length of its own.
#pragma once

#include <cstdint>

namespace wireseam {

class PcapngClock {
 public:
  static constexpr uint8_t kMicroseconds = 6;

  // `resolution`: an if_tsresol, n for 10^-n seconds or 0x80 | n for 2^-n. `offset_s`: an
  // if_tsoffset.
  explicit PcapngClock(uint8_t resolution = kMicroseconds, int64_t offset_s = 0);

  // Since the Epoch, rounded down; the first or the last one that there is (in 2262) where the time
  // is beyond it.
  uint64_t nanoseconds(uint64_t ticks) const;

 private:
  // ticks * multiply_ >> shift_, then / divide_.
  uint64_t multiply_ = 1;
  unsigned shift_ = 0;
  uint64_t divide_ = 1;
  int64_t offset_s_ = 0;
};

}  // namespace wireseam
