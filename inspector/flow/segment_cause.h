// SPDX-License-Identifier: Apache-2.0
// What happened to a segment that is not the next one in line.
//
// Sequence numbers alone can't tell a segment that was sent again from one that was overtaken or
// copied on its way: all of them go back. What does tell is the order in which the packets left
// their sender (send_order.h). A segment that goes back and
//   - left after all that were seen was sent again: a retransmission;
//   - left before one that was seen was overtaken: reordered, whatever it brings;
//   - is a packet that was seen already: duplicated by the network.
// Where the order is not known, a segment that fills a hole was overtaken if it comes before word
// of the hole can have reached its sender; one that was seen alike so short a time ago was
// duplicated by the network; and everything else was sent again.
//
// Why it was sent again: the receiver had acknowledged it already (spurious); duplicate ACKs or
// SACK blocks had told of a hole (fast, RFC 6675); the newest segment came again after a pause
// shorter than any time-out (tail probe, RFC 8985); else the time-out. What is sent again until the
// loss is repaired has the reason of the first.
#pragma once

#include <cstdint>

#include "inspector/flow/connection.h"

namespace wireseam {

// A segment with payload, SYN or FIN that begins before the newest byte of its direction.
struct SentAgain {
  Order order = Order::Unknown;
  uint64_t begin = 0;
  uint64_t end = 0;            // with its SYN or FIN, if it has one
  uint64_t newest = 0;         // end of all that was seen before
  uint64_t fresh = 0;          // bytes that it brings
  bool received = false;       // the receiver has acknowledged all of it, or reported it by SACK
  bool hole_reported = false;  // by the receiver, with duplicate ACKs or SACK
  uint64_t silence_ns = 0;     // since its sender sent something
  uint64_t hole_age_ns = 0;    // since the hole that it fills could be seen
  bool hole_in_tick = false;   // Order::Together: the hole showed within the same tick, too
  uint64_t copy_age_ns = SendOrder::kNoCopy;  // since one just like it was seen
  bool syn = false;
  uint64_t rtt_ns = 0;  // from one end to the other and back; 0: not known
};

// Also begins and ends the sender's recovery in `half`.
Cause cause_of(const SentAgain& segment, Half& half);

}  // namespace wireseam
