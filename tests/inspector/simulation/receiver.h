// SPDX-License-Identifier: Apache-2.0
// The receiving side of a simulated end: what has arrived, and what there is to report of it by
// SACK (RFC 2018) and D-SACK (RFC 2883).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "common/byte_range.h"

namespace wireseam::test {

class Receiver {
 public:
  enum class Arrival : uint8_t { InOrder, FillsHole, BehindHole, Again };

  // Positions; a SYN or FIN is one.
  Arrival take(ByteRange range);

  uint64_t next() const { return next_; }
  bool has_hole() const { return !held_.empty(); }
  // For the next acknowledgement: at most three blocks. Each duplicate is reported once.
  std::vector<ByteRange> reports();

 private:
  void merge(ByteRange range);

  uint64_t next_ = 0;
  std::map<uint64_t, uint64_t> held_;  // begin to end, behind holes
  uint64_t latest_ = 0;                // in which block the last segment lies
  std::optional<ByteRange> duplicate_;
};

}  // namespace wireseam::test
