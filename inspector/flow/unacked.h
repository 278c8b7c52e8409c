// SPDX-License-Identifier: Apache-2.0
// The segments of one direction that wait for their acknowledgement. Bounded: where ACKs are not
// seen, the list stops growing, as Wireshark's does. Mostly there is one, or none: only several
// need memory of their own.
#pragma once

#include <cstdint>
#include <memory>

namespace wireseam {

struct UnackedSegment {
  uint32_t seq = 0;
  uint32_t next_seq = 0;
  uint64_t packet = 0;
  uint64_t time_ns = 0;
};

class UnackedSegments {
 public:
  UnackedSegments();
  ~UnackedSegments();
  UnackedSegments(UnackedSegments&&) noexcept;
  UnackedSegments& operator=(UnackedSegments&&) noexcept;

  void add(const UnackedSegment& segment);

  // Takes away all that `ack` covers; what it covers in part begins at it from then on. The segment
  // that it acknowledges to its very end; packet 0 where there is none. Of several the first.
  UnackedSegment acknowledge(uint32_t ack);

  // From the first one's beginning to the last one's end, where numbers are counted from `base` on;
  // 0 where there are none.
  uint32_t span(uint32_t base) const;

 private:
  class Several;

  UnackedSegment acknowledge_only(uint32_t ack);

  UnackedSegment only_;  // packet 0: there is none
  std::unique_ptr<Several> several_;
};

}  // namespace wireseam
