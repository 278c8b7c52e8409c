// SPDX-License-Identifier: Apache-2.0
// The segments of one direction that wait for their acknowledgement. Bounded: where ACKs are not
// seen, the list stops growing, as Wireshark's does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "inspector/flow/sequence.h"

namespace wireseam {

struct UnackedSegment {
  uint32_t seq = 0;
  uint32_t next_seq = 0;
  uint64_t packet = 0;
  uint64_t time_ns = 0;
};

class UnackedSegments {
 public:
  void add(const UnackedSegment& segment);

  // Takes away all that `ack` covers; what it covers in part begins at it from then on. The segment
  // that it acknowledges to its very end; packet 0 where there is none. Of several the first.
  UnackedSegment acknowledge(uint32_t ack);

  // From the first one's beginning to the last one's end, where numbers are counted from `base` on;
  // 0 where there are none.
  uint32_t span(uint32_t base) const;

 private:
  UnackedSegment acknowledge_in_order(uint32_t ack);
  UnackedSegment acknowledge_any_order(uint32_t ack);

  std::vector<UnackedSegment> segments_;
  size_t begin_ = 0;     // those before it are gone
  bool ordered_ = true;  // each begins at or behind its predecessor's end
};

}  // namespace wireseam
