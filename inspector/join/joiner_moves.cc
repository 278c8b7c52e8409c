// SPDX-License-Identifier: Apache-2.0
// What calls moved, and where that lies.
#include <sys/socket.h>

#include "inspector/join/call_facts.h"
#include "inspector/join/talk.h"

namespace wireseam {

// Takes the frames that are cut from what calls moved.
class Joiner::FrameLane final : public FramesSink {
 public:
  explicit FrameLane(Talk& talk) : talk_(talk) {}

  void frame(Direction direction, const Frame& frame) override {
    talk_.lane(direction).frames.add({frame, talk_.frames->framing()});
  }
  void undecoded(Direction direction, const Undecoded& undecoded) override {
    talk_.lane(direction).frames.cover(undecoded.range.end);
  }
  void seams(Direction, uint64_t, const Seams&) override {}

 private:
  Talk& talk_;
};

namespace {

void apply(const SocketOptions& options, CallSpan& span) {
  span.more = span.more || options.corked;
  span.no_delay = options.no_delay;
  span.has_send_buffer = options.has_send_buffer;
  span.low_water = options.low_water;
  span.pacing_rate = options.pacing_rate;
}

}  // namespace

void Joiner::moved(const Event& event, const CallEvent& call, const CallSockets& about,
                   Seat& seat) {
  Talk& talk = *seat.talk;
  const Way way = about.transfer->way;
  const Role role = talk.is_of_one_socket() && way == Way::Received ? Role::Server : seat.role;
  Party& party = talk.party(role);
  if (party.program.empty()) name_program(party, event);
  (way == Way::Sent ? party.sent : party.received) += about.transfer->bytes;
  if (!about.socket->exact) doubt_all(talk, role, Doubt::LostCalls);
  if (about.socket->options.other_layer) doubt_all(talk, role, Doubt::OtherLayer);
  if (!about.transfer->range) return;
  const ByteRange sums = *about.transfer->range;
  const uint64_t shift = party.place(way).shift;
  Move move{event, call, {}, talk, role, way, direction_of(role, way)};
  move.span = span_of(event, call, about.fd, {sums.begin + shift, sums.end + shift});
  move.span.urgent = about.transfer->urgent;
  apply(about.socket->options, move.span);
  move.span.ambiguous = talk.calls_under_way(role, way).overlaps(move.span);
  if (sums.empty()) return returned_nothing(move);
  if (way == Way::Sent && move.span.urgent) talk.urge(move.direction, move.span.range.end - 1);
  if (find_place(move)) lay(move);
}

// Whether it is known where the bytes of the call lie: in its span then.
bool Joiner::find_place(Move& move) {
  Placement& place = move.place();
  if (!place.lost) {
    const Doubt why = contradiction(move);
    if (why != Doubt::None) doubt(move.talk, move.role, move.way, why);
  }
  if (!place.lost || find_again(move)) return true;
  ++place.unplaced_calls;
  place.unplaced_bytes += move.span.range.size();
  return false;
}

void Joiner::lay(Move& move) {
  Talk& talk = move.talk;
  if (talk.first_ns == 0) talk.first_ns = move.event.time_ns;
  if (talk.on_wire && (move.span.ambiguous || !talk.held_calls(move.role, move.way).empty()))
    return hold(move);
  move.span.unordered = move.span.ambiguous;
  keep_bytes(move);
  if (!talk.on_wire && talk.cuts(move.direction, move.way == Way::Sent)) cut(move);
  Lane<CallSpan>& calls = talk.calls(move.role, move.way);
  CallSpan* before = move.span.ambiguous ? calls.newest() : nullptr;
  if (before != nullptr && before->end_ns() > move.span.begin_ns)
    before->ambiguous = before->unordered = true;
  calls.add(move.span);
  settle(talk, move.direction);
}

// Without packets the frames are cut from what the calls moved.
void Joiner::cut(const Move& move) {
  Talk& talk = move.talk;
  if (talk.frames_over[static_cast<size_t>(move.direction)]) return;
  if (talk.frames == nullptr)
    talk.frames = std::make_unique<ConnectionFrames>(talk.client_port, talk.server_port,
                                                     std::array{false, false}, rules_);
  FrameLane sink(talk);
  for_each_piece(move.event, move.call, move.span.range, [&](const StreamPiece& piece) {
    talk.frames->data(move.direction, piece, sink);
    if (!talk.frames->expects(move.direction))
      talk.lane(move.direction).frames.cover(piece.range.end);
  });
}

void Joiner::end_frames(Talk& talk) {
  if (talk.frames == nullptr) return;
  FrameLane sink(talk);
  talk.frames->end(sink);
  talk.frames.reset();
}

}  // namespace wireseam
