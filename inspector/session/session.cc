// SPDX-License-Identifier: Apache-2.0
#include "inspector/session/session.h"

#include <algorithm>
#include <utility>

#include "inspector/join/names.h"
#include "inspector/session/frame_record.h"

namespace wireseam {
namespace {

constexpr size_t kMessagesKept = 1000;
constexpr size_t kFewestCalls = 4096;
constexpr size_t kCallsBytes = sizeof(CallsRecord) + 1024;  // with its two lists
constexpr size_t kIndexBytes = 2 * sizeof(uint64_t);        // in a connection's list, which doubles

constexpr Direction kBoth[] = {Direction::ToServer, Direction::ToClient};

void refresh(HalfRecord& record, const Half& half) {
  const Incidents& losses = *half.incidents;
  record.packets = half.packets;
  record.segments = half.segments;
  record.bytes = half.sent_end;
  record.resent_segments = losses.resent_segments;
  record.resent_bytes = losses.resent_bytes;
  record.missing_bytes = losses.missing_bytes;
  record.reordered = losses.reordered;
  record.first_seq = half.first_seq;
  record.cut_bytes = losses.cut_bytes;
  record.mss = half.mss;
  record.mss_unknown = half.mss_unknown();
  record.vlan = half.vlan;
  record.syn_seen = half.syn_seen;
}

// From end to end: what each side waited for the other, as the capture in between saw it.
uint64_t round_trip_ns(const Connection& connection) {
  const Handshake& shake = connection.handshake;
  if (shake.server_rtt_ns() != 0) return shake.server_rtt_ns() + shake.client_rtt_ns();
  return connection.half(Direction::ToServer).smallest_rtt_ns +
         connection.half(Direction::ToClient).smallest_rtt_ns;
}

void refresh(ConnectionRecord& record, const Connection& connection) {
  record.client = connection.client;
  record.client_is_guess = connection.client_is_guess;
  record.first_ns = connection.first_ns;
  record.last_ns = connection.last_ns;
  record.handshake = connection.handshake;
  record.teardown = *connection.teardown;
  record.state = record.is_tcp() ? state_text(connection) : "";
  record.rtt_ns = round_trip_ns(connection);
  for (const Direction direction : kBoth)
    refresh(record.half(direction), connection.half(direction));
}

void drop_below(std::vector<uint64_t>& indexes, uint64_t begin) {
  indexes.erase(indexes.begin(), std::ranges::lower_bound(indexes, begin));
}

template <typename Kind>
size_t kept_bytes(const Kept<Kind>& kept) {
  return kept.size() * (sizeof(Kind) + kIndexBytes);
}

size_t bytes_of(const FrameRecord& frame) {
  return frame.header.capacity() + frame.parts.capacity() * sizeof(FramePart) +
         frame.flaw.capacity();
}

}  // namespace

bool is_problem(Cause cause) {
  return is_retransmission(cause) || cause == Cause::NotCaptured || cause == Cause::ZeroWindow ||
         cause == Cause::DifferentCopy || cause == Cause::LostBeforeCapture;
}

// Calls may come before the first packet.
void Session::begin(uint64_t time_ns) {
  if (totals_.packets + totals_.calls == 0) first_ns_ = time_ns;
}

void Session::packet(const RawPacket& raw) {
  begin(raw.time_ns);
  ++totals_.packets;
  totals_.wire_bytes += raw.wire_length;
  now_ns_ = std::max(now_ns_, raw.time_ns);
  packets_.add(raw);
  late_cause_ = Cause::None;
  ++version_;
  if (memory() > limit_) make_room();
}

void Session::message(std::string text) {
  messages_.push_back({now_ns_, std::move(text)});
  if (messages_.size() > kMessagesKept) messages_.pop_front();
  ++version_;
}

ConnectionRecord& Session::record_of(const Connection& connection) {
  const auto [at, is_new] = connections_.try_emplace(connection.id);
  ConnectionRecord& record = at->second;
  if (is_new) {
    record.id = connection.id;
    record.key = connection.key;
    record.incarnation = connection.incarnation;
  }
  refresh(record, connection);
  ++version_;
  return record;
}

void Session::begun(const Connection& connection) {
  ++totals_.connections;
  record_of(connection);
}

void Session::handshake(const Connection& connection) { record_of(connection); }

void Session::closing(const Connection& connection, uint64_t /*packet*/, uint64_t /*time_ns*/) {
  record_of(connection);
}

void Session::segment(const Connection& connection, const Segment& segment, const Seams* seams) {
  ConnectionRecord& record = record_of(connection);
  record.rate.add(segment.time_ns, segment.direction, segment.range.size());
  SegmentRecord kept{.connection = connection.id, .segment = segment};
  if (seams != nullptr) kept.seams = *seams;
  const Cause late = std::exchange(late_cause_, Cause::None);
  if (late != segment.cause) kept.late_cause = late;
  record.segments.push_back(segments_.push(kept));
}

void Session::note(const Connection& connection, const Note& note) {
  ConnectionRecord& record = record_of(connection);
  ++record.notes;
  ++totals_.notes;
  if (is_problem(note.cause)) ++record.problems;
  // A note about the packet at hand comes with its segment, unless it came late.
  const uint64_t index = segments_.lower_bound(
      note.packet, [](const SegmentRecord& kept) { return kept.segment.packet; });
  SegmentRecord* earlier = segments_.find(index);
  if (earlier == nullptr)
    late_cause_ = note.cause;
  else if (earlier->segment.packet == note.packet)
    earlier->late_cause = note.cause;
}

void Session::frame(const Connection& connection, Direction direction, const Frame& frame,
                    const Framing* framing) {
  ConnectionRecord& record = record_of(connection);
  count_frame(record, direction, framing);
  push_frame(record, frame_record(connection.id, direction, frame, framing));
}

void Session::undecoded(const Connection& connection, Direction direction,
                        const Undecoded& undecoded, uint64_t packet) {
  ConnectionRecord& record = record_of(connection);
  record.half(direction).undecoded_bytes += undecoded.range.size();
  ++record.problems;
  push_frame(record, {.connection = connection.id,
                      .direction = direction,
                      .range = undecoded.range,
                      .body = undecoded.range,
                      .first_ns = connection.last_ns,
                      .last_ns = connection.last_ns,
                      .last_packet = packet != 0 ? packet : packets_.newest(),
                      .flaw = to_string(undecoded)});
}

void Session::count_frame(ConnectionRecord& record, Direction direction, const Framing* framing) {
  ++record.half(direction).frames;
  ++totals_.frames;
  if (record.framing.empty() && framing != nullptr) record.framing = to_string(*framing);
}

void Session::push_frame(ConnectionRecord& record, FrameRecord frame) {
  frame_bytes_ += bytes_of(frame);
  record.frames.push_back(frames_.push(std::move(frame)));
}

void Session::ended(const Connection& connection, const ConnectionFrames* frames,
                    EndReason reason) {
  ConnectionRecord& record = record_of(connection);
  record.ended = reason;
  if (frames != nullptr && frames->framing() != nullptr)
    record.framing = to_string(*frames->framing());
  over_.push_back(connection.id);
  drop_connections();
}

void Session::dropped(const CaptureLosses& losses) {
  if (totals_.losses.packets() == 0 && losses.packets() > 0)
    message("packets are being dropped: the capture is not complete");
  totals_.losses = losses;
  ++version_;
}

void Session::summary(const CaptureSummary& summary) {
  if (!summary.flaw.empty()) message(summary.flaw);
  totals_.losses = summary.losses;
}

const ConnectionRecord* Session::find_connection(uint64_t id) const {
  const auto found = connections_.find(id);
  return found == connections_.end() ? nullptr : &found->second;
}

const SegmentRecord* Session::find_segment(uint64_t packet) const {
  const uint64_t index = segments_.lower_bound(
      packet, [](const SegmentRecord& record) { return record.segment.packet; });
  const SegmentRecord* record = segments_.find(index);
  return record != nullptr && record->segment.packet == packet ? record : nullptr;
}

size_t Session::connection_bytes() const {
  return connections_.size() * sizeof(ConnectionRecord) + with_calls_ * kCallsBytes;
}

size_t Session::memory() const {
  return packets_.memory() + kept_bytes(segments_) + kept_bytes(frames_) + frame_bytes_ +
         kept_bytes(calls_) + call_bytes_ + connection_bytes();
}

// The newest block stays, whatever it costs: there is always something to be seen. Behind few
// packets there may be many calls.
void Session::make_room() {
  while (memory() > limit_ && packets_.blocks() > 1) {
    packets_.drop_oldest_block();
    drop_details_before(packets_.oldest());
  }
  if (memory() <= limit_ || calls_.size() < kFewestCalls) return;
  for (size_t left = calls_.size() / 8; left > 0; --left) drop_call();
  drop_frames_before(packets_.oldest(), calls_.front().end_ns());
  drop_indexes();
}

void Session::drop_details_before(uint64_t packet) {
  fallen_.packets = packets_.begin();
  while (!segments_.empty() && segments_.front().segment.packet < packet) {
    losers_.push_back(segments_.front().connection);
    segments_.pop_front();
  }
  const auto oldest = packets_.find(packet);
  const uint64_t oldest_ns = oldest ? oldest->time_ns : 0;
  drop_frames_before(packet, oldest_ns);
  while (!calls_.empty() && calls_.front().end_ns() < oldest_ns) drop_call();
  drop_indexes();
}

// The time is for those that came in no packet.
void Session::drop_frames_before(uint64_t packet, uint64_t time_ns) {
  const auto is_older = [&](const FrameRecord& frame) {
    return frame.last_packet != 0 ? frame.last_packet < packet : frame.last_ns < time_ns;
  };
  while (!frames_.empty() && is_older(frames_.front())) {
    losers_.push_back(frames_.front().connection);
    frame_bytes_ -= bytes_of(frames_.front());
    frames_.pop_front();
  }
}

void Session::drop_call() {
  losers_.push_back(calls_.front().connection);
  call_bytes_ -= calls_.front().text.capacity();
  calls_.pop_front();
}

// There may be very many connections, and of most of them nothing fell away.
void Session::drop_indexes() {
  std::ranges::sort(losers_);
  losers_.erase(std::unique(losers_.begin(), losers_.end()), losers_.end());
  for (const uint64_t id : std::exchange(losers_, {})) {
    const auto loser = connections_.find(id);
    if (loser == connections_.end()) continue;
    ConnectionRecord& record = loser->second;
    drop_below(record.segments, segments_.begin());
    drop_below(record.frames, frames_.begin());
    if (record.calls == nullptr) continue;
    for (Kept<uint64_t>* calls : {&record.calls->all, &record.calls->moved})
      while (!calls->empty() && calls->front() < calls_.begin()) calls->pop_front();
  }
}

// Those that have not ended stay: the flow table bounds them.
void Session::drop_connections() {
  while (connection_bytes() > limit_ / 4 && over_.size() > 1) {
    const auto oldest = connections_.find(over_.front());
    over_.pop_front();
    if (oldest == connections_.end()) continue;
    if (oldest->second.calls != nullptr) --with_calls_;
    connections_.erase(oldest);
    ++fallen_.connections;
  }
}

}  // namespace wireseam
