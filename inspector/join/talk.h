// SPDX-License-Identifier: Apache-2.0
// What the joiner knows of a conversation while it goes on.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "inspector/join/joiner.h"

namespace wireseam {

// One direction of the wire: what its sender had to wait for.
struct WireState {
  uint64_t acked = 0;  // all bytes before are acknowledged
  uint64_t acked_ns = 0;
  uint64_t window_end = 0;    // the receiver takes bytes up to there
  uint64_t blocked_from = 0;  // those from there on found no room until opened_ns
  uint64_t opened_ns = 0;

  // A segment of the other direction.
  void acknowledge(const Segment& segment) {
    if ((segment.flags & kAck) == 0) return;
    if (segment.ack > acked) {
      acked = segment.ack;
      acked_ns = segment.time_ns;
    }
    const uint64_t end = segment.ack + segment.window;
    if (end <= window_end) return;
    blocked_from = window_end;
    opened_ns = segment.time_ns;
    window_end = end;
  }
};

struct Joiner::Talk : Conversation {
  const Connection* connection = nullptr;  // while it is on the wire
  FlowKey key;
  Side client_side = Side::A;
  uint64_t newest_packet_ns = 0;
  uint64_t resent_packet = 0;                // the newest that brought bytes again
  std::array<WireState, 2> wires;            // by Direction
  std::unique_ptr<ConnectionFrames> frames;  // cut from what the calls moved

  // Offsets on the wire are those of the calls: the capture has the beginning.
  bool counts_from_start() const {
    if (!on_wire) return true;
    return connection == nullptr ? handshake.state != HandshakeState::NotSeen
                                 : connection->handshake.state != HandshakeState::NotSeen;
  }

  // Whether frames of that direction are cut from what its sends moved, or else its receives.
  bool cuts(Direction direction, bool sent) const {
    const bool sender_is_traced = party(sender_of(direction)).state == Party::State::Traced &&
                                  party(sender_of(direction)).exact;
    return sent == sender_is_traced;
  }

  WireState& wire(Direction direction) { return wires[static_cast<size_t>(direction)]; }
};

}  // namespace wireseam
