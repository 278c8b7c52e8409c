// SPDX-License-Identifier: Apache-2.0
// Knows a packet again that several parts of a recording have captured.
//
// Each capture stamps a packet for itself, within microseconds, or when it arrives where the parts
// are the two ends of a way; and puts a link header of its own kind in front (SLL on "any"). So a
// packet is known again by the rest of its bytes within a short time. Two that are alike but for
// that (duplicate ACKs over IPv6 are) stay two: each packet of one part takes away one of
// another's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <unordered_map>

#include "common/raw_packet.h"

namespace wireseam {

class PacketCopies {
 public:
  // Packets nearly in the order of time, each with the number of its source: whether it is none
  // that another source has had.
  bool is_new(const RawPacket& packet, size_t source);

 private:
  // A packet that was handed on, and which sources have had it.
  struct Seen {
    uint64_t time_ns;
    std::set<size_t> sources;
  };
  using SeenByHash = std::unordered_multimap<size_t, Seen>;

  SeenByHash seen_;
  std::deque<SeenByHash::iterator> latest_;  // of them, in the order of their coming
};

}  // namespace wireseam
