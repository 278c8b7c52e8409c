// SPDX-License-Identifier: Apache-2.0
#include "tests/inspector/simulation/endpoint.h"

#include <algorithm>

namespace wireseam::test {
namespace {

constexpr uint64_t kDelayedAckNs = 40 * kMillisecond;

}  // namespace

Endpoint::Endpoint(Events& events, const EndScript& script, Direction sends, uint64_t seed,
                   Wire wire)
    : events_(events),
      script_(script),
      sends_(sends),
      wire_(std::move(wire)),
      random_(seed),
      sender_(events, script, [this](ByteRange range, Reason reason) { emit(range, reason); }),
      ip_id_(script.first_ip_id) {}

uint64_t Endpoint::received() const {
  const uint64_t next = receiver_.next();
  return next == 0 ? 0 : next - 1 - (fin_received_ ? 1 : 0);
}

void Endpoint::open() { sender_.write(1); }

void Endpoint::vanish() {
  mood_ = Mood::Gone;
  sender_.stop();
}

uint16_t Endpoint::next_ip_id(uint16_t flags) {
  const bool no_socket = (flags & kRst) != 0 || (flags & (kSyn | kAck)) == (kSyn | kAck);
  switch (script_.ip_ids) {
    case IpIds::Counter:
      return no_socket ? uint16_t{0} : ip_id_++;
    case IpIds::Random:
      return static_cast<uint16_t>(random_());
    case IpIds::Zero:
    case IpIds::None:
      break;
  }
  return 0;
}

uint64_t Endpoint::window() const {
  if (events_.now_ns() >= script_.reads_from_ns) return script_.receive_buffer;
  const uint64_t held = receiver_.next() - std::min(read_, receiver_.next());
  const uint64_t room = script_.receive_buffer - std::min<uint64_t>(held, script_.receive_buffer);
  return room < script_.mss ? 0 : room;  // no silly windows (RFC 9293 section 3.8.6.2.2)
}

void Endpoint::emit(ByteRange range, Reason reason) {
  Datagram datagram;
  datagram.position = range.begin;
  datagram.flags = syn_received_ ? kAck : 0;
  if (range.begin == 0) datagram.flags |= kSyn;
  const uint64_t begin = std::max<uint64_t>(range.begin, 1);
  const uint64_t end = std::max(std::min(range.end, fin_position()), begin);
  if (fin_written_ && range.end > fin_position()) datagram.flags |= kFin;
  if (range.begin < range.end) datagram.truth.payload = {begin - 1, end - 1};
  if (!datagram.truth.payload.empty()) datagram.flags |= kPsh;
  send(datagram, reason);
}

void Endpoint::send(Datagram datagram, Reason reason) {
  if (mood_ == Mood::Gone) return;
  datagram.truth.direction = sends_;
  datagram.truth.reason = reason;
  datagram.truth.transmission = ++transmissions_;
  datagram.truth.flags = datagram.flags;
  datagram.ip_id = next_ip_id(datagram.flags);
  datagram.ack = receiver_.next();
  datagram.window = window();
  datagram.ts_value = static_cast<uint32_t>(events_.now_ns() / kMillisecond) + 77'000;
  datagram.ts_echo = ts_recent_;
  if (script_.sack && (datagram.flags & kSyn) == 0) datagram.sacks = receiver_.reports();
  unanswered_ = 0;
  ++ack_timer_;
  last_sent_ns_ = events_.now_ns();
  wire_(datagram);
}

void Endpoint::send_ack() {
  Datagram datagram;
  datagram.position = sender_.next();
  datagram.flags = kAck;
  const uint64_t at = std::max<uint64_t>(sender_.next(), 1) - 1;
  datagram.truth.payload = {at, at};
  send(datagram, Reason::First);
}

void Endpoint::send_reset(uint64_t ack) {
  Datagram datagram;
  datagram.position = sender_.next();
  datagram.flags = ack != 0 ? kRst | kAck : kRst;
  send(datagram, Reason::First);
  vanish();
}

void Endpoint::receive(const Datagram& datagram) {
  if (mood_ == Mood::Gone) return;
  if ((datagram.flags & kRst) != 0) return vanish();
  if (mood_ == Mood::Refuses) {
    receiver_.take({0, 1});
    return send_reset(1);
  }
  if ((datagram.flags & kSyn) != 0 && !syn_received_) {
    syn_received_ = true;
    if (receiver_.next() == 0) receiver_.take({0, 1});
    const bool first = sender_.next() == 0;
    ts_recent_ = datagram.ts_value;
    if (first) return sender_.write(1);
    if ((datagram.flags & kAck) == 0) return emit({0, 1}, Reason::TimeOut);
    sender_.acknowledged(datagram);
    send_ack();
    return established();
  }
  if (!syn_received_) return;
  if ((datagram.flags & kAck) != 0) sender_.acknowledged(datagram);
  if (!established_ && (datagram.flags & kAck) != 0 && datagram.ack > 0) established();
  take(datagram);
}

void Endpoint::established() {
  if (established_) return;
  established_ = true;
  plan_writes();
  if (script_.reads_from_ns > events_.now_ns())
    events_.at(script_.reads_from_ns, [this] { start_reading(); });
  if (script_.keep_alive_ns != 0) events_.after(script_.keep_alive_ns, [this] { keep_alive(); });
}

void Endpoint::take(const Datagram& datagram) {
  const uint64_t begin = datagram.position;
  if ((datagram.flags & kFin) != 0) fin_at_ = datagram.payload_end();
  if (begin == datagram.end()) {
    // A keep-alive or a window probe asks for an answer; an ACK that was overtaken must not.
    if (datagram.truth.reason == Reason::Probe) send_ack();
    return;
  }
  if (datagram.position <= receiver_.next()) ts_recent_ = std::max(ts_recent_, datagram.ts_value);
  const Receiver::Arrival arrival = receiver_.take({begin, datagram.end()});
  if (events_.now_ns() >= script_.reads_from_ns) read_ = receiver_.next();
  const bool fin_now = !fin_received_ && receiver_.next() > fin_at_;
  fin_received_ = fin_received_ || fin_now;
  answer(arrival, fin_now);
  if (fin_now && script_.closing == Closing::FinAfterPeer) close();
}

void Endpoint::answer(Receiver::Arrival arrival, bool at_once) {
  if (at_once || arrival != Receiver::Arrival::InOrder || ++unanswered_ >= 2) return send_ack();
  events_.after(kDelayedAckNs, [this, timer = ++ack_timer_] {
    if (timer == ack_timer_ && unanswered_ > 0) send_ack();
  });
}

void Endpoint::plan_writes() {
  for (const Write& write : script_.writes)
    events_.at(write.time_ns, [this, write] {
      if (mood_ == Mood::Gone || fin_written_) return;
      written_ += write.size;
      sender_.write(write.size);
    });
  const uint64_t last_ns = script_.writes.empty() ? 0 : script_.writes.back().time_ns;
  if (script_.closing == Closing::Fin)
    events_.at(std::max(script_.close_ns, last_ns), [this] { close(); });
  if (script_.closing == Closing::Rst) events_.at(script_.close_ns, [this] { reset(); });
}

void Endpoint::close() {
  if (fin_written_ || mood_ == Mood::Gone) return;
  fin_written_ = true;
  sender_.write(1);
}

void Endpoint::reset() {
  if (mood_ != Mood::Gone) send_reset(receiver_.next());
}

void Endpoint::keep_alive() {
  if (mood_ == Mood::Gone || fin_written_) return;
  const uint64_t idle_ns = events_.now_ns() - last_sent_ns_;
  if (sender_.idle() && idle_ns >= script_.keep_alive_ns)
    emit({sender_.next() - 1, sender_.next() - 1}, Reason::Probe);
  events_.after(script_.keep_alive_ns, [this] { keep_alive(); });
}

void Endpoint::start_reading() {
  read_ = receiver_.next();
  send_ack();
}

}  // namespace wireseam::test
