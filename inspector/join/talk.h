// SPDX-License-Identifier: Apache-2.0
// What the joiner knows of a conversation while it goes on.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

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

// The calls of one end in one direction, as far as threads may have made them at the same time.
struct CallsUnderWay {
  std::vector<uint32_t> threads;  // that are known to be in one
  uint32_t newest_thread = 0;     // of the newest that returned
  uint64_t newest_end_ns = 0;

  // A call has returned: whether another thread's went on at the same time.
  bool overlaps(const CallSpan& call) {
    std::erase(threads, call.tid);
    const bool overlaps =
        !threads.empty() || (newest_thread != call.tid && newest_end_ns > call.begin_ns);
    newest_thread = call.tid;
    newest_end_ns = call.end_ns();
    return overlaps;
  }
};

struct Joiner::Talk : Conversation {
  const Connection* connection = nullptr;  // while it is on the wire
  FlowKey key;
  Side client_side = Side::A;
  TranslatedKey translated;
  bool asked = false;  // whose calls are expected
  uint64_t newest_packet_ns = 0;
  uint64_t resent_packet = 0;                             // the newest that brought bytes again
  std::array<WireState, 2> wires;                         // by Direction
  std::unique_ptr<ConnectionFrames> frames;               // cut from what the calls moved
  std::array<std::array<CallsUnderWay, 2>, 2> under_way;  // by Role, by Way
  // By Direction: from there on the receiver's offsets are not known, for an urgent byte is
  // received apart from those around it, or never (tcp(7)).
  std::array<uint64_t, 2> urgent_from{UINT64_MAX, UINT64_MAX};

  // Whether there was a SYN, so that offsets on the wire may be those of the calls.
  bool counts_from_start() const {
    if (!on_wire) return true;
    return connection == nullptr ? handshake.state != HandshakeState::NotSeen
                                 : connection->handshake.state != HandshakeState::NotSeen;
  }

  // Whether the capture has what tells the initial sequence number of that direction.
  bool knows_axis(Direction direction) const {
    return connection->half(direction).syn_seen ||
           connection->half(opposite(direction)).syn_ack_seen;
  }

  // A socket that is connected to itself is both of its ends.
  bool is_of_one_socket() const { return client_port != 0 && key.end(Side::A) == key.end(Side::B); }

  bool has_moved() const {
    return std::ranges::any_of(
        parties, [](const Party& party) { return party.sent > 0 || party.received > 0; });
  }

  void urge(Direction direction, uint64_t offset) {
    uint64_t& from = urgent_from[static_cast<size_t>(direction)];
    from = std::min(from, offset);
  }

  // Whether frames of that direction are cut from what its sends moved, or else its receives.
  bool cuts(Direction direction, bool sent) const {
    const bool sender_is_traced = party(sender_of(direction)).state == Party::State::Traced &&
                                  party(sender_of(direction)).exact;
    return sent == sender_is_traced;
  }

  CallsUnderWay& calls_under_way(Role role, Way way) {
    return under_way[static_cast<size_t>(role)][static_cast<size_t>(way)];
  }

  WireState& wire(Direction direction) { return wires[static_cast<size_t>(direction)]; }
};

// No calls of that end will come whose offsets are known.
inline void close_calls(Conversation& talk, Role role) {
  talk.lane(sent_by(role)).sends.close();
  talk.lane(opposite(sent_by(role))).receives.close();
}

}  // namespace wireseam
