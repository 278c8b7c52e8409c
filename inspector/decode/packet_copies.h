// SPDX-License-Identifier: Apache-2.0
// Knows a packet again that several parts of a recording have captured, or one on several
// interfaces of its host (a bridge and its ports, a bond, a router's two sides).
//
// Each capture stamps a packet for itself, within microseconds, or when it arrives where the parts
// are the two ends of a way; and puts a link header of its own kind in front (SLL on "any"). So a
// packet is known again by the rest of its bytes within a short time, but for what a router
// changes. Two that are alike but for that (duplicate ACKs over IPv6 are) stay two: each packet of
// one source takes away one of another's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <unordered_map>

#include "common/raw_packet.h"

namespace wireseam {

// On which interface a packet of a capture on all of them was seen, where the capture says it
// (LINUX_SLL2).
std::optional<uint32_t> interface_of(const RawPacket& packet);

// Of packets of several captures, by their numbers: each interface of each is one.
inline size_t source_of(const RawPacket& packet, std::ptrdiff_t capture) {
  return static_cast<size_t>(capture) << 32 | interface_of(packet).value_or(0);
}

class PacketCopies {
 public:
  // Above the length of nearly all ways. What a kernel sends again is mostly another packet (its IP
  // ID, its timestamps); and if it is the same to the byte, each copy of one source takes away one
  // of another's, so that their number is right.
  static constexpr uint64_t kOneWay = 1'000'000'000;
  // From one interface of a host to another.
  static constexpr uint64_t kWithinHost = 2'000'000;

  explicit PacketCopies(uint64_t within_ns) : within_ns_(within_ns) {}

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

  uint64_t within_ns_;
  SeenByHash seen_;
  std::deque<SeenByHash::iterator> latest_;  // of them, in the order of their coming
};

}  // namespace wireseam
