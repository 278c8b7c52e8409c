// SPDX-License-Identifier: Apache-2.0
// What the joiner knows of a conversation while it goes on.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <iterator>
#include <memory>
#include <vector>

#include "inspector/join/joiner.h"
#include "inspector/join/newest_bytes.h"

namespace wireseam {

struct AckedUpTo {
  uint64_t time_ns = 0;
  uint64_t offset = 0;
};

// One direction of the wire: what came, and what its sender had to wait for.
struct WireState {
  static constexpr size_t kNewest = 64;
  static constexpr uint64_t kBurstNs = 1'000'000;

  uint64_t acked = 0;  // all bytes before are acknowledged
  uint64_t acked_ns = 0;
  uint64_t largest_window = 0;
  uint64_t window_end = 0;             // the receiver takes bytes up to there
  uint64_t blocked_from = UINT64_MAX;  // those from there on found no room until opened_ns
  uint64_t opened_ns = 0;
  uint64_t sent_end = 0;              // behind the last byte that came
  uint64_t burst_size = 0;            // of the newest that left shortly before each other
  std::deque<AckedUpTo> acks;         // the newest
  std::deque<WireSpan> newest_spans;  // that brought bytes

  // How many bytes were acknowledged by then; 0 where that is not known any more.
  uint64_t acked_before(uint64_t time_ns) const {
    const auto later = std::ranges::partition_point(
        acks, [&](const AckedUpTo& each) { return each.time_ns <= time_ns; });
    return later == acks.begin() ? 0 : std::min(std::prev(later)->offset, sent_end);
  }

  void brought(const WireSpan& span) {
    const bool goes_on =
        !newest_spans.empty() && span.time_ns < newest_spans.back().time_ns + kBurstNs;
    burst_size = (goes_on ? burst_size : 0) + span.range.size();
    sent_end = std::max(sent_end, span.range.end);
    newest_spans.push_back(span);
    if (newest_spans.size() > kNewest) newest_spans.pop_front();
  }

  // A segment of the other direction.
  void acknowledge(const Segment& segment) {
    if ((segment.flags & kAck) == 0) return;
    largest_window = std::max(largest_window, segment.window);
    if (segment.ack > acked) {
      acked = segment.ack;
      acked_ns = segment.time_ns;
      acks.push_back({acked_ns, acked});
      if (acks.size() > kNewest) acks.pop_front();
    }
    const uint64_t end = segment.ack + segment.window;
    if (end <= window_end) return;
    if (window_end != 0) {
      blocked_from = window_end;
      opened_ns = segment.time_ns;
    }
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

// The beginning of a buffer whose bytes have not been seen otherwise so far.
struct UncheckedBytes {
  Role role = Role::Client;  // whose call it was
  Way way = Way::Sent;
  uint64_t offset = 0;
  std::vector<std::byte> bytes;

  uint64_t end() const { return offset + bytes.size(); }
};

// A call beside which others went on: the stream shows where its bytes lie.
struct HeldCall {
  CallSpan span;                 // as if calls took effect in the order of their return
  std::vector<std::byte> bytes;  // its first, as far as they were recorded
};

struct Joiner::Talk : Conversation {
  const Connection* connection = nullptr;  // while it is on the wire
  FlowKey key;
  Side client_side = Side::A;
  TranslatedKey translated;
  uint64_t twin = 0;                       // the same connection by other addresses; 0: none
  std::array<bool, 2> twin_traced{};       // by Role, when it has ended
  std::array<bool, 2> is_noted_to_wait{};  // by Direction: among those whose calls wait
  bool asked = false;                      // whose calls are expected
  uint64_t newest_packet_ns = 0;
  uint64_t resent_packet = 0;                               // the newest that brought bytes again
  std::array<WireState, 2> wires;                           // by Direction
  std::unique_ptr<ConnectionFrames> frames;                 // cut from what the calls moved
  std::array<bool, 2> frames_over{};                        // by Direction: none are cut any more
  std::array<NewestBytes, 2> bytes;                         // by Direction
  std::array<std::deque<UncheckedBytes>, 2> unchecked;      // by Direction
  std::array<std::array<CallsUnderWay, 2>, 2> under_way;    // by Role, by Way
  std::array<std::array<std::deque<HeldCall>, 2>, 2> held;  // by Role, by Way
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

  // Whether calls of either end were seen, or may come.
  bool may_be_traced() const {
    return std::ranges::any_of(
        parties, [](const Party& party) { return party.state != Party::State::Untraced; });
  }

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
    const Party& sender = party(sender_of(direction));
    return sent == (sender.state == Party::State::Traced && sender.place(Way::Sent).known());
  }

  CallsUnderWay& calls_under_way(Role role, Way way) {
    return under_way[static_cast<size_t>(role)][static_cast<size_t>(way)];
  }

  std::deque<HeldCall>& held_calls(Role role, Way way) {
    return held[static_cast<size_t>(role)][static_cast<size_t>(way)];
  }

  NewestBytes& bytes_of(Direction direction) { return bytes[static_cast<size_t>(direction)]; }
  std::deque<UncheckedBytes>& unchecked_of(Direction direction) {
    return unchecked[static_cast<size_t>(direction)];
  }
  Lane<CallSpan>& calls(Role role, Way way) {
    Alignment& axis = lane(direction_of(role, way));
    return way == Way::Sent ? axis.sends : axis.receives;
  }

  WireState& wire(Direction direction) { return wires[static_cast<size_t>(direction)]; }
};

// A call that moved bytes.
struct Joiner::Move {
  const Event& event;
  const CallEvent& call;
  CallSpan span;
  Talk& talk;
  Role role = Role::Client;
  Way way = Way::Sent;
  Direction direction = Direction::ToServer;

  Party& party() const { return talk.party(role); }
  Placement& place() const { return party().place(way); }
};

// No calls of that end will come.
inline void close_calls(Conversation& talk, Role role) {
  talk.lane(sent_by(role)).sends.close();
  talk.lane(opposite(sent_by(role))).receives.close();
}

}  // namespace wireseam
