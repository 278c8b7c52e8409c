// SPDX-License-Identifier: Apache-2.0
// The packets' half: what the capture tells of conversations. The calls' half is joiner_calls.cc.
#include "inspector/join/joiner.h"

#include <algorithm>
#include <utility>

#include "inspector/flow/elapsed.h"
#include "inspector/join/ends.h"
#include "inspector/join/names.h"
#include "inspector/join/talk.h"

namespace wireseam {
namespace {

constexpr uint64_t kClocksApartNs = 10'000'000;  // those of calls and packets, at most

}  // namespace

// Hands what lies in a direction's lanes on.
class Joiner::HandOver final : public AlignmentSink {
 public:
  HandOver(ReportSink& sink, const Conversation& conversation, Direction direction)
      : sink_(sink), conversation_(conversation), direction_(direction) {}

  void send(const CallSpan& call, const Beside& beside) override {
    sink_.sent(conversation_, direction_, call, beside);
  }
  void frame(const FrameSpan& frame, const Beside& beside) override {
    sink_.framed(conversation_, direction_, frame, beside);
  }
  void receive(const CallSpan& call, const Beside& beside) override {
    sink_.received(conversation_, direction_, call, beside);
  }

 private:
  ReportSink& sink_;
  const Conversation& conversation_;
  Direction direction_;
};

Joiner::Joiner(const FramingRules& rules, ReportSink& sink, std::function<uint64_t()> take_id,
               Expectation expected)
    : rules_(rules),
      sink_(sink),
      take_id_(std::move(take_id)),
      expected_(std::move(expected)),
      datagrams_(sink, sockets_, take_id_) {}

Joiner::~Joiner() = default;

// Conversations on the wire -----------------------------------------------------------------------

Joiner::TupleKey Joiner::tuple_key(const FlowKey& key) {
  return {key.address_a, key.address_b, key.port_a, key.port_b, key.version};
}

void Joiner::begun(const Connection& connection) {
  if (connection.key.transport == Transport::Tcp) {
    if (connection.slot >= by_slot_.size()) by_slot_.resize(connection.slot + size_t{1});
    Talk* waiting = waiting_for_wire(connection);
    const uint64_t before = waiting != nullptr ? waiting->id : 0;
    if (waiting != nullptr) take_wire(*waiting, connection);
    Talk& talk = waiting != nullptr ? *waiting : make_talk(connection.id, Medium::Tcp);
    by_slot_[connection.slot] = &talk;
    talk.on_wire = true;
    talk.connection = &connection;
    talk.first_ns = connection.first_ns;
    if (waiting == nullptr) set_ends(talk, connection.key, connection.client);
    if (connection.client_is_guess) keep_calls_apart(talk);
    sink_.begun(connection);
    if (waiting != nullptr) sink_.found_on_wire(talk, before);
    return;
  }
  datagrams_.begun(connection);
  sink_.begun(connection);
}

// The one whose connect(2) was seen before its SYN, since clocks differ by a bit.
Joiner::Talk* Joiner::waiting_for_wire(const Connection& connection) {
  const auto found = by_tuple_.find(tuple_key(connection.key));
  if (found == by_tuple_.end() || connection.client_is_guess) return nullptr;
  Talk& talk = *found->second.back();
  const CallMoment& connect = talk.party(Role::Client).begin;
  const bool is_it = !talk.on_wire && connect.seen() && !talk.has_moved() &&
                     connect.end_ns() + kClocksApartNs > connection.first_ns;
  return is_it ? &talk : nullptr;
}

void Joiner::take_wire(Talk& talk, const Connection& connection) {
  auto node = talks_.extract(talk.id);
  node.key() = talk.id = connection.id;
  talks_.insert(std::move(node));
  talk.lanes = {};
  talk.is_noted_to_wait = {};
  for (const Role role : {Role::Client, Role::Server})
    if (talk.party(role).state == Party::State::Untraced) close_calls(talk, role);
}

// Where the capture lacks the beginning, its offsets are not those of the calls.
void Joiner::keep_calls_apart(Talk& talk) {
  for (const Role role : {Role::Client, Role::Server}) {
    Party& party = talk.party(role);
    if (party.state == Party::State::Expected) party.state = Party::State::Untraced;
    for (Placement& place : party.places) place.confirmed = 0;
    doubt_all(talk, role, Doubt::NoBeginning);
    for (Placement& place : party.places) place.doubt = Doubt::NoBeginning;
  }
}

void Joiner::set_ends(Talk& talk, const FlowKey& key, Side client) {
  const FlowEnd ends[] = {key.end(client), key.end(other(client))};
  talk.key = key;
  talk.client_side = client;
  talk.client = end_text(ends[0], key.version);
  talk.server = end_text(ends[1], key.version);
  talk.client_port = ends[0].port;
  talk.server_port = ends[1].port;
  by_tuple_[tuple_key(key)].push_back(&talk);
  if (talk.on_wire) by_client_[endpoint_of(ends[0], key.version)] = &talk;
  if (!talk.on_wire) ask_for_calls(talk);
}

// On the wire not before the handshake: a trace that goes on has a connect(2) when it returned.
void Joiner::ask_for_calls(Talk& talk) {
  if (std::exchange(talk.asked, true) || !expected_.end) return;
  const Endpoint client = endpoint_of(talk.key.end(talk.client_side), talk.key.version);
  const Endpoint server = endpoint_of(talk.key.end(other(talk.client_side)), talk.key.version);
  bool expects_client = expected_.end(client, server);
  bool expects_server = expected_.end(server, client);
  if (talk.translated.has()) {
    const TranslatedKey& also = talk.translated;
    const Endpoint client_too = endpoint_of(also.key.end(also.client), also.key.version);
    const Endpoint server_too = endpoint_of(also.key.end(other(also.client)), also.key.version);
    expects_client = expects_client || expected_.end(client_too, server_too);
    expects_server = expects_server || expected_.end(server_too, client_too);
  }
  if (!expects_client) leave_untraced(talk, Role::Client);
  if (!expects_server) leave_untraced(talk, Role::Server);
}

// Its sockets know each other by the names of either side of the translation.
void Joiner::note_translation(Talk& talk, const Connection& connection) {
  if (talk.translated.has() || !connection.translated->has()) return;
  talk.translated = *connection.translated;
  by_tuple_[tuple_key(talk.translated.key)].push_back(&talk);
}

// One that is captured on both sides of a translation of addresses, in a router or between network
// namespaces, is two on the wire.
void Joiner::look_for_twin(Talk& talk) {
  if (talk.handshake.state != HandshakeState::Complete) return;
  Talk*& known = by_numbers_[{talk.handshake.syn.seq, talk.handshake.syn_ack.seq}];
  if (known != nullptr && !(known->key == talk.key)) {
    known->twin = talk.id;
    talk.twin = known->id;
  }
  known = &talk;
}

void Joiner::name_twin(Talk& talk) {
  const auto own = by_numbers_.find({talk.handshake.syn.seq, talk.handshake.syn_ack.seq});
  if (own != by_numbers_.end() && own->second == &talk) by_numbers_.erase(own);
  if (talk.twin == 0) return;
  const auto found = talks_.find(talk.twin);
  Talk* twin = found != talks_.end() ? found->second.get() : nullptr;
  for (const Role role : {Role::Client, Role::Server}) {
    const auto side = static_cast<size_t>(role);
    const bool is_traced = talk.parties[side].state == Party::State::Traced;
    if (twin != nullptr) talk.twin_traced[side] = twin->parties[side].state == Party::State::Traced;
    if (twin != nullptr) twin->twin_traced[side] = is_traced;
    if (!is_traced && talk.twin_traced[side]) talk.parties[side].traced_in = talk.twin;
  }
}

void Joiner::leave_untraced(Talk& talk, Role role) {
  Party& party = talk.party(role);
  if (party.state != Party::State::Expected) return;
  party.state = Party::State::Untraced;
  close_calls(talk, role);
}

Joiner::Talk* Joiner::talk_of(const Connection& connection) {
  return connection.key.transport == Transport::Tcp ? by_slot_[connection.slot] : nullptr;
}

// What of the bytes before them decides when a segment's bytes may leave.
void Joiner::note_before(Talk& talk, Direction direction, WireSpan& span) {
  const WireState& wire = talk.wire(direction);
  const uint64_t mss = talk.connection->half(opposite(direction)).mss;
  // Linux fills no more than half of the largest window that it has seen (tcp_bound_to_half_wnd).
  constexpr uint64_t kTimestamps = 12, kLeastMss = 88;
  const uint64_t full = std::min(std::max(mss, kLeastMss) - kTimestamps, wire.largest_window / 2);
  span.small = span.range.size() < full;
  if (wire.newest_spans.empty()) return;
  const WireSpan& before = wire.newest_spans.back();
  span.before_ns = before.time_ns;
  span.before_size = before.range.size();
  span.burst_size = wire.burst_size;
  span.behind_small = before.small && talk.resent_packet == 0;
}

void Joiner::data(const Connection& connection, Direction direction, const StreamPiece& piece) {
  sink_.data(connection, direction, piece);
  if (connection.key.transport == Transport::Udp)
    return datagrams_.packet(connection, direction, piece);
  Talk* talk = talk_of(connection);
  if (talk == nullptr) return;
  ask_for_calls(*talk);
  if (!talk->knows_axis(direction)) keep_calls_apart(*talk);
  const WireState& wire = talk->wire(direction);
  WireSpan span{piece.range, piece.packet, piece.time_ns};
  if (piece.time_ns >= talk->newest_packet_ns) {  // or else it waited for others
    if (wire.acked >= piece.range.begin) span.all_acked_ns = wire.acked_ns;
    if (piece.range.end > wire.blocked_from) span.window_opened_ns = wire.opened_ns;
    span.sent_again = talk->resent_packet == piece.packet;
    span.acked_ns = wire.acked_ns;
    note_before(*talk, direction, span);
  }
  talk->lane(direction).segments.add(span);
  talk->wire(direction).brought(span);
  if (!talk->may_be_traced()) return;
  talk->bytes_of(direction).add(piece.range.begin, piece.bytes);
  check_bytes(*talk, direction);
  check_times(*talk, direction, span);
}

void Joiner::gap(const Connection& connection, Direction direction, ByteRange missing) {
  sink_.gap(connection, direction, missing);
  Talk* talk = talk_of(connection);
  if (talk == nullptr) return;
  if (!talk->knows_axis(direction)) keep_calls_apart(*talk);
  talk->lane(direction).segments.cover(missing.end);
  WireState& wire = talk->wire(direction);
  wire.sent_end = std::max(wire.sent_end, missing.end);
}

void Joiner::frame(const Connection& connection, Direction direction, const Frame& frame,
                   const Framing* framing) {
  Talk* talk = talk_of(connection);
  if (talk == nullptr) return sink_.frame(connection, direction, frame, framing);
  talk->lane(direction).frames.add({frame, framing});
}

void Joiner::unframed(const Connection& connection, Direction direction, uint64_t end) {
  if (Talk* talk = talk_of(connection)) talk->lane(direction).frames.cover(end);
  sink_.unframed(connection, direction, end);
}

void Joiner::undecoded(const Connection& connection, Direction direction,
                       const Undecoded& undecoded, uint64_t packet) {
  if (Talk* talk = talk_of(connection)) talk->lane(direction).frames.cover(undecoded.range.end);
  sink_.undecoded(connection, direction, undecoded, packet);
}

void Joiner::note(const Connection& connection, const Note& note) {
  Talk* talk = talk_of(connection);
  if (talk != nullptr && (is_retransmission(note.cause) || note.cause == Cause::LostBeforeCapture))
    talk->resent_packet = note.packet;
  sink_.note(connection, note);
}

void Joiner::handshake(const Connection& connection) {
  if (Talk* talk = talk_of(connection)) {
    talk->handshake = connection.handshake;
    note_translation(*talk, connection);
    ask_for_calls(*talk);
    look_for_twin(*talk);
  }
  sink_.handshake(connection);
}

void Joiner::segment(const Connection& connection, const Segment& segment, const Seams* seams) {
  hand_over_late(segment.time_ns);
  sink_.segment(connection, segment, seams);
  Talk* talk = talk_of(connection);
  if (talk == nullptr) return;
  talk->newest_packet_ns = std::max(talk->newest_packet_ns, segment.time_ns);
  if (!is_ignored(segment.cause)) {
    if (segment.fresh > 0)
      talk->newest_data_ns[static_cast<size_t>(segment.direction)] = segment.time_ns;
    talk->wire(opposite(segment.direction)).acknowledge(segment);
    if ((segment.flags & kUrg) != 0) talk->urge(segment.direction, segment.range.begin);
  }
  settle(*talk, segment.direction);
}

void Joiner::closing(const Connection& connection, uint64_t packet, uint64_t time_ns) {
  if (Talk* talk = talk_of(connection)) talk->teardown = *connection.teardown;
  sink_.closing(connection, packet, time_ns);
}

void Joiner::ended(const Connection& connection, const ConnectionFrames* frames, EndReason reason) {
  sink_.ended(connection, frames, reason);
  if (connection.key.transport == Transport::Udp) return datagrams_.ended(connection);
  Talk* talk = talk_of(connection);
  if (talk == nullptr) return;
  ask_for_calls(*talk);
  talk->handshake = connection.handshake;
  talk->teardown = *connection.teardown;
  talk->wire_over = true;
  talk->connection = nullptr;
  by_slot_[connection.slot] = nullptr;
  for (Alignment& lane : talk->lanes) {
    lane.segments.close();
    lane.frames.close();
  }
  close_passed_on(*talk);
  end_if_over(*talk);
}

void Joiner::icmp_error(const IcmpError& error) {
  if (error.quoted.transport == Transport::Udp && !error.reason.empty())
    datagrams_.unreachable(error);
  sink_.icmp_error(error);
}

void Joiner::dropped(const CaptureLosses& losses) {
  const uint64_t calls = losses_.calls;
  losses_ = losses;
  losses_.calls = calls;
  sink_.dropped(losses_);
}

void Joiner::summary(const CaptureSummary& summary) {
  CaptureSummary all = summary;
  all.losses.calls = losses_.calls;
  all.unplaced = unplaced_;
  sink_.summary(all);
}

// Any conversation --------------------------------------------------------------------------------

Joiner::Talk& Joiner::make_talk(uint64_t id, Medium medium) {
  auto& talk = talks_[id];
  talk = std::make_unique<Talk>();
  talk->id = id;
  talk->medium = medium;
  return *talk;
}

void Joiner::settle(Talk& talk, Direction direction) {
  HandOver sink(sink_, talk, direction);
  talk.lane(direction).settle(sink);
  note_waiting(talk, direction);
}

void Joiner::note_waiting(Talk& talk, Direction direction) {
  bool& noted = talk.is_noted_to_wait[static_cast<size_t>(direction)];
  if (noted || patience_ns_ == UINT64_MAX) return;
  const auto since_ns = talk.lane(direction).waiting_since();
  if (!since_ns) return;
  noted = true;
  waiting_.push_back({*since_ns, talk.id, direction});
}

void Joiner::hand_over_late(uint64_t now_ns) {
  while (!waiting_.empty() && elapsed_ns(waiting_.front().since_ns, now_ns) >= patience_ns_) {
    const Waiting waiting = waiting_.front();
    waiting_.pop_front();
    const auto found = talks_.find(waiting.talk);
    if (found == talks_.end()) continue;
    Talk& talk = *found->second;
    HandOver sink(sink_, talk, waiting.direction);
    talk.lane(waiting.direction).hand_over_calls(now_ns - patience_ns_, sink);
    talk.is_noted_to_wait[static_cast<size_t>(waiting.direction)] = false;
    // What waits for its packets may wait for long.
    if (talk.lane(waiting.direction).waiting_since() > now_ns - patience_ns_)
      note_waiting(talk, waiting.direction);
  }
}

void Joiner::pass_time(uint64_t now_ns) {
  datagrams_.advance(now_ns);
  hand_over_late(now_ns);
}

// Nothing more is to come: no packets, and no calls of either end.
void Joiner::end_if_over(Talk& talk) {
  const bool wire_over = !talk.on_wire || talk.wire_over;
  const bool calls_over =
      calls_ended_ || std::ranges::none_of(talk.parties, [](const Party& party) {
        return party.state == Party::State::Expected || party.open;
      });
  if (wire_over && calls_over)
    end(talk);
  else
    for (const Direction direction : {Direction::ToServer, Direction::ToClient})
      settle(talk, direction);
}

void Joiner::count_unplaced(const Talk& talk) {
  for (const Party& party : talk.parties) {
    if (party.state != Party::State::Traced || party.aligned()) continue;
    ++unplaced_.ends;
    for (const Placement& place : party.places) {
      unplaced_.calls += place.unplaced_calls;
      unplaced_.bytes += place.unplaced_bytes;
    }
  }
}

void Joiner::end(Talk& talk) {
  end_frames(talk);
  place_all_held(talk);
  check_sums(talk);
  name_twin(talk);
  name_listener(talk);
  count_unplaced(talk);
  for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
    HandOver sink(sink_, talk, direction);
    talk.lane(direction).close(sink);
  }
  sink_.joined(talk);
  for (const FlowKey& key : {talk.key, talk.translated.key}) {
    const auto same = by_tuple_.find(tuple_key(key));
    if (same == by_tuple_.end()) continue;
    std::erase(same->second, &talk);
    if (same->second.empty()) by_tuple_.erase(same);
  }
  const auto client =
      by_client_.find(endpoint_of(talk.key.end(talk.client_side), talk.key.version));
  if (client != by_client_.end() && client->second == &talk) by_client_.erase(client);
  for (const Party& party : talk.parties)
    if (const auto seat = seats_.find(party.socket);
        seat != seats_.end() && seat->second.talk == &talk)
      seats_.erase(seat);
  talks_.erase(talk.id);
}

}  // namespace wireseam
