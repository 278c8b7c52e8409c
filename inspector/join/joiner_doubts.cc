// SPDX-License-Identifier: Apache-2.0
// Where the bytes of calls lie follows from the sum of what the calls before moved. That is wrong
// from there on where bytes went past the trace: by stdio or io_uring, by another program on the
// same socket, before the trace began. Then the stream contradicts the calls sooner or later, and
// from there on nobody knows, until a call's bytes are found in the stream again.
//
// The true place of a call is never before the one that its sum gives: what was missed comes on
// top. So bytes that were there before they were sent, say, are other bytes, and the send's own lie
// behind them.
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "inspector/join/call_facts.h"
#include "inspector/join/talk.h"

namespace wireseam {
namespace {

// A packet is stamped within its send. Of 80,000 sends on loopback none was stamped less than 0.8
// us after its call's begin; this is how much more two clocks are trusted not to be apart.
constexpr uint64_t kSlackNs = 100'000;
constexpr size_t kMostUnchecked = 256;
constexpr size_t kTellingBytes = 4;

bool ends_before(uint64_t time_ns, uint64_t later_ns) { return time_ns + kSlackNs < later_ns; }

// The kernel need not leave the call's bytes in its buffer, or may take them from it later.
bool has_its_bytes(const CallEvent& call, Way way) {
  const uint64_t flags = message_flags(call);
  return (flags & (way == Way::Sent ? MSG_ZEROCOPY : MSG_TRUNC)) == 0;
}

// Equal bytes say something unless they are few, or all the same.
bool are_telling(std::span<const std::byte> bytes) {
  return bytes.size() >= kTellingBytes &&
         std::ranges::any_of(bytes, [&](std::byte each) { return each != bytes.front(); });
}

// Calls whose result is less than there was for reasons of their own.
bool takes_what_there_is(const CallEvent& call) {
  return call.number != CallNumber::splice && call.number != CallNumber::recvmmsg;
}

bool may_be_found_again(Doubt why) {
  return why != Doubt::NoBeginning && why != Doubt::OtherLayer && why != Doubt::Urgent &&
         why != Doubt::OtherPeer;
}

void shift(ByteRange& range, uint64_t by) {
  range.begin += by;
  range.end += by;
}

}  // namespace

// Contradictions of one call ----------------------------------------------------------------------

Doubt Joiner::contradiction(const Move& move) const {
  const uint64_t urgent_from = move.talk.urgent_from[static_cast<size_t>(move.direction)];
  if (move.way == Way::Received && (move.span.urgent || move.span.range.end > urgent_from))
    return Doubt::Urgent;
  if (move.way == Way::Sent && move.place().cut_off) return Doubt::CutOffCall;
  if (move.span.ambiguous || move.span.urgent) return Doubt::None;
  const Doubt why =
      move.way == Way::Sent ? contradiction_of_send(move) : contradiction_of_receive(move);
  if (why != Doubt::None) return why;
  return likeness(move) == Likeness::Different ? Doubt::OtherBytes : Doubt::None;
}

Doubt Joiner::contradiction_of_send(const Move& move) const {
  const CallSpan& send = move.span;
  const Alignment& lanes = move.talk.lane(move.direction);
  if (!expected_.one_clock) return Doubt::None;
  for (const WireSpan& segment : lanes.segments.overlapping(send.range))
    if (ends_before(segment.time_ns, send.begin_ns)) return Doubt::EarlySegment;
  for (const CallSpan& receive : lanes.receives.overlapping(send.range))
    if (!receive.ambiguous && ends_before(receive.end_ns(), send.begin_ns))
      return Doubt::EarlyReceive;
  for (const WireSpan& segment : lanes.segments.overlapping(send.range))
    if (segment.range.begin == send.range.begin && segment.time_ns < send.end_ns() + kSlackNs)
      move.place().confirmed = send.range.end;
  return Doubt::None;
}

Doubt Joiner::contradiction_of_receive(const Move& move) const {
  const CallSpan& receive = move.span;
  WireState& wire = move.talk.wire(move.direction);
  if (receive.range.size() >= receive.room || !takes_what_there_is(move.call)) return Doubt::None;
  if (!move.talk.on_wire || !expected_.one_clock || receive.begin_ns < kSlackNs) return Doubt::None;
  // A receive stops before an urgent byte, whatever lies behind it (tcp(7)).
  const uint64_t urgent_from = move.talk.urgent_from[static_cast<size_t>(move.direction)];
  if (std::min(wire.acked_before(receive.begin_ns - kSlackNs), urgent_from) > receive.range.end)
    return Doubt::ShortReceive;
  if (wire.sent_end == receive.range.end) move.place().confirmed = receive.range.end;
  return Doubt::None;
}

// How the call's bytes compare with those that lie there.
Likeness Joiner::likeness(const Move& move) const {
  Likeness result = Likeness::NotKnown;
  if (!has_its_bytes(move.call, move.way)) return result;
  const NewestBytes& there = move.talk.bytes_of(move.direction);
  for_each_piece(move.event, move.call, move.span.range, [&](const StreamPiece& piece) {
    const Likeness likeness = there.compare(piece.range.begin, piece.bytes);
    if (likeness == Likeness::NotKnown || result == Likeness::Different) return;
    result = likeness;
    if (likeness == Likeness::Equal && are_telling(piece.bytes))
      move.place().confirmed = move.span.range.end;
  });
  return result;
}

// The end of the stream: all of it was received.
void Joiner::returned_nothing(const Move& move) {
  const Talk& talk = move.talk;
  const bool looks_only = (message_flags(move.call) & (MSG_OOB | MSG_TRUNC)) != 0;
  if (move.way != Way::Received || move.span.room == 0 || looks_only || move.place().lost) return;
  const CallMoment& shutdown = move.party().shutdown;
  if (shutdown.seen() && shutdown.how != "SHUT_WR") return;
  const Party& peer = talk.party(sender_of(move.direction));
  if (talk.medium == Medium::Unix && peer.state == Party::State::Traced && !peer.calls_lost &&
      !peer.place(Way::Sent).lost && peer.sent + peer.place(Way::Sent).shift > move.span.range.end)
    return doubt(move.talk, move.role, move.way, Doubt::OtherSum);
  const FinStep& fin = talk.teardown.fin(move.direction);
  if (!talk.on_wire || fin.packet == 0 || talk.teardown.rst.packet != 0) return;
  if (fin.offset != move.span.range.end) doubt(move.talk, move.role, move.way, Doubt::OtherSum);
}

// A receive that would have had to wait: by then all that had arrived was received.
void Joiner::moved_nothing(const Event& event, const CallEvent& call, Seat& seat, Way way) {
  Talk& talk = *seat.talk;
  const Party& party = talk.party(seat.role);
  std::erase(talk.calls_under_way(seat.role, way).threads, event.tid);
  if (call.errnum != EAGAIN || way != Way::Received) return;
  if ((message_flags(call) & (MSG_OOB | MSG_ERRQUEUE)) != 0 || party.place(Way::Received).lost)
    return;
  if (!talk.on_wire || !expected_.one_clock || event.time_ns < kSlackNs) return;
  const Direction direction = direction_of(seat.role, Way::Received);
  const uint64_t received = party.received + party.place(Way::Received).shift;
  if (talk.wire(direction).acked_before(event.time_ns - kSlackNs) > received)
    doubt(talk, seat.role, Way::Received, Doubt::ShortReceive);
}

// Its thread was killed, cancelled or jumped away, and the call may have moved some of its bytes.
void Joiner::cut_off(const CallEvent& call, const CallSockets& about) {
  const auto way = way_of(call);
  const auto seat = about.socket != nullptr ? seats_.find(about.socket->id) : seats_.end();
  if (way && seat != seats_.end())
    seat->second.talk->party(seat->second.role).place(*way).cut_off = true;
}

// What comes later
// ---------------------------------------------------------------------------------

// Keeps the beginnings of the call's buffers as far as nothing is there to be held against them.
void Joiner::keep_bytes(const Move& move) {
  if (!has_its_bytes(move.call, move.way) || move.span.ambiguous) return;
  Talk& talk = move.talk;
  NewestBytes& there = talk.bytes_of(move.direction);
  const bool shows = !talk.on_wire && move.way == Way::Sent;
  std::deque<UncheckedBytes>& unchecked = talk.unchecked_of(move.direction);
  for_each_piece(move.event, move.call, move.span.range, [&](const StreamPiece& piece) {
    if (piece.bytes.empty()) return;
    if (shows)
      there.add(piece.range.begin, piece.bytes);
    else if (piece.range.begin + piece.bytes.size() > there.end())
      unchecked.push_back(
          {move.role, move.way, piece.range.begin, {piece.bytes.begin(), piece.bytes.end()}});
  });
  if (unchecked.size() > kMostUnchecked) unchecked.pop_front();
  if (shows) check_bytes(talk, move.direction);
}

// Bytes of that direction have come.
void Joiner::check_bytes(Talk& talk, Direction direction) {
  if (talk.on_wire) {
    place_held(talk, sender_of(direction), Way::Sent);
    place_held(talk, receiver_of(direction), Way::Received);
  }
  const NewestBytes& there = talk.bytes_of(direction);
  std::deque<UncheckedBytes>& unchecked = talk.unchecked_of(direction);
  while (!unchecked.empty() && unchecked.front().end() <= there.end()) {
    const UncheckedBytes kept = std::move(unchecked.front());
    unchecked.pop_front();
    Placement& place = talk.party(kept.role).place(kept.way);
    const Likeness likeness = there.compare(kept.offset, kept.bytes);
    if (likeness == Likeness::Different && !place.lost)
      doubt(talk, kept.role, kept.way, Doubt::OtherBytes);
    if (likeness == Likeness::Equal && !place.lost && are_telling(kept.bytes))
      place.confirmed = std::max(place.confirmed, kept.end());
  }
}

// A segment has come whose bytes were, by the sums, sent or received before.
void Joiner::check_times(Talk& talk, Direction direction, const WireSpan& segment) {
  if (!expected_.one_clock || segment.sent_again) return;
  Alignment& lanes = talk.lane(direction);
  for (const CallSpan& send : lanes.sends.overlapping(segment.range)) {
    if (send.ambiguous || !ends_before(segment.time_ns, send.begin_ns)) continue;
    return doubt(talk, sender_of(direction), Way::Sent, Doubt::EarlySegment);
  }
  for (const CallSpan& receive : lanes.receives.overlapping(segment.range)) {
    if (receive.ambiguous || !ends_before(receive.end_ns(), segment.time_ns)) continue;
    return doubt(talk, receiver_of(direction), Way::Received, Doubt::LateSegment);
  }
}

// Certainty ends, and begins again ----------------------------------------------------------------

void Joiner::doubt(Talk& talk, Role role, Way way, Doubt why) {
  Placement& place = talk.party(role).place(way);
  if (place.lost || why == Doubt::None) return;
  place.lost = true;
  Lane<CallSpan>& calls = talk.calls(role, way);
  const uint64_t until = is_contradiction(why) ? place.confirmed : calls.covered();
  if (is_contradiction(why) && has_strangers(talk)) why = Doubt::OtherPeer;
  if (place.known()) {
    place.doubt = why;
    place.known_until = until;
  }
  calls.take_back(until, [&](const CallSpan& span) {
    ++place.unplaced_calls;
    place.unplaced_bytes += span.range.size();
  });
  for (const HeldCall& held : talk.held_calls(role, way)) {
    ++place.unplaced_calls;
    place.unplaced_bytes += held.span.range.size();
  }
  talk.held_calls(role, way).clear();
  calls.close();
  const Direction direction = direction_of(role, way);
  if (!talk.on_wire && talk.frames != nullptr) {
    talk.frames_over[static_cast<size_t>(direction)] = true;
    talk.lane(direction).frames.close();
  }
  settle(talk, direction);
}

// Connections of a UNIX socket were laid beside each other in their order, and there were others.
bool Joiner::has_strangers(const Talk& talk) const {
  return talk.medium == Medium::Unix && expected_.named &&
         expected_.named(talk.server, Role::Client) != expected_.named(talk.server, Role::Server);
}

void Joiner::doubt_all(Talk& talk, Role role, Doubt why) {
  doubt(talk, role, Way::Sent, why);
  doubt(talk, role, Way::Received, why);
}

// The trace says that it lacks calls: they may have been of any socket that there is.
void Joiner::lost_calls() {
  datagrams_.lost_calls();
  for (auto& [id, talk] : talks_) {
    for (const Role role : {Role::Client, Role::Server}) {
      Party& party = talk->party(role);
      if (!party.open) continue;
      party.calls_lost = true;
      doubt_all(*talk, role, Doubt::LostCalls);
    }
  }
}

// Looks for the call's bytes in the stream, behind where they would lie.
bool Joiner::find_again(Move& move) {
  Placement& place = move.place();
  if (!may_be_found_again(place.doubt) || move.span.ambiguous || move.span.urgent) return false;
  if (!has_its_bytes(move.call, move.way)) return false;
  std::optional<uint64_t> found;
  for_each_piece(move.event, move.call, move.span.range, [&](const StreamPiece& piece) {
    if (piece.range.begin == move.span.range.begin && are_distinct(piece.bytes))
      found = move.talk.bytes_of(move.direction).find_only(piece.bytes, earliest_place(move));
  });
  if (!found) return false;
  place.shift += *found - move.span.range.begin;
  shift(move.span.range, *found - move.span.range.begin);
  place.lost = false;
  place.known_from = place.confirmed = *found;
  return true;
}

// Before that offset the call's bytes can't lie.
uint64_t Joiner::earliest_place(const Move& move) const {
  const uint64_t by_sum = move.span.range.begin;
  if (move.way == Way::Received || !move.talk.on_wire || !expected_.one_clock) return by_sum;
  const std::deque<WireSpan>& newest = move.talk.wire(move.direction).newest_spans;
  const auto first = std::ranges::find_if(newest, [&](const WireSpan& segment) {
    return !ends_before(segment.time_ns, move.span.begin_ns);
  });
  if (first == newest.end()) return UINT64_MAX;
  return first == newest.begin() ? by_sum : std::max(by_sum, first->range.begin);
}

// All calls together ------------------------------------------------------------------------------

// The conversation is over: what all calls moved has to be what the stream has.
void Joiner::check_sums(Talk& talk) {
  for (const Role role : {Role::Client, Role::Server}) {
    const Party& party = talk.party(role);
    if (party.state != Party::State::Traced) continue;
    if (!party.place(Way::Sent).lost) doubt(talk, role, Way::Sent, doubt_of_sends(talk, role));
    if (!party.place(Way::Received).lost)
      doubt(talk, role, Way::Received, doubt_of_receives(talk, role));
  }
}

Doubt Joiner::doubt_of_sends(const Talk& talk, Role role) const {
  const Direction direction = sent_by(role);
  const Party& party = talk.party(role);
  const uint64_t sent = party.sent + party.place(Way::Sent).shift;
  const Party& peer = talk.party(receiver_of(direction));
  if (!talk.on_wire) {
    const Placement& received = peer.place(Way::Received);
    const bool is_less = peer.state == Party::State::Traced && !received.lost &&
                         peer.received + received.shift > sent;
    return is_less ? Doubt::OtherSum : Doubt::None;
  }
  const FinStep& fin = talk.teardown.fin(direction);
  const bool is_less = talk.wires[static_cast<size_t>(direction)].sent_end > sent;
  const bool is_more = fin.packet != 0 && fin.offset < sent;
  if (!is_less && !is_more) return Doubt::None;
  return party.place(Way::Sent).cut_off ? Doubt::CutOffCall : Doubt::OtherSum;
}

Doubt Joiner::doubt_of_receives(const Talk& talk, Role role) const {
  const Direction direction = direction_of(role, Way::Received);
  const Party& party = talk.party(role);
  const CallMoment& end = party.end;
  const uint64_t received = party.received + party.place(Way::Received).shift;
  const WireState& wire = talk.wires[static_cast<size_t>(direction)];
  // Bytes that came before the close, or after it, would have made an RST.
  if (end.seen() && talk.teardown.state == CloseState::Closed && received < wire.sent_end)
    return party.place(Way::Received).cut_off ? Doubt::CutOffCall : Doubt::UnreadAndNoRst;
  if (!talk.on_wire || !end.seen() || !expected_.one_clock || end.begin_ns < kSlackNs)
    return Doubt::None;
  const uint64_t arrived = wire.acked_before(end.begin_ns - kSlackNs);
  if (received + end.unread.value_or(0) >= arrived) return Doubt::None;
  if (party.place(Way::Received).cut_off) return Doubt::CutOffCall;
  if (end.unread) return Doubt::OtherSum;
  const bool in_order =
      talk.teardown.fin(opposite(direction)).packet != 0 && talk.teardown.rst.packet == 0;
  return in_order ? Doubt::UnreadAndNoRst : Doubt::None;
}

}  // namespace wireseam
