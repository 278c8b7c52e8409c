// SPDX-License-Identifier: Apache-2.0
#include "inspector/flow/acceptance.h"

#include <algorithm>

#include "inspector/flow/sequence.h"

namespace wireseam {
namespace {

constexpr uint64_t kMostSynData = 65535;
constexpr unsigned kLargestShift = 14;  // RFC 7323 section 2.3
constexpr int64_t kLargestWindow = int64_t{1} << 30;
// What a sender may have sent at once behind its SYN while the capture lacked it.
constexpr int64_t kFirstFlight = int64_t{1} << 20;

// One segment, its sender's half, and its receiver's.
struct Arrival {
  const Connection& connection;
  const TcpHeader& tcp;
  Direction direction;
  uint32_t length;  // of its payload
  const Half& sender;
  const Half& receiver;
  int64_t begin = 0;   // of its bytes, in the stream; only where the sender's half has begun
  int64_t newest = 0;  // behind all that was seen of its sender before, the FIN included
};

bool in_syn_sent(const Arrival& segment) {
  return segment.receiver.syn_seen && !segment.receiver.syn_ack_seen && !segment.sender.begun;
}

// Up to where the receiver takes bytes.
int64_t window_end(const Arrival& segment) {
  return static_cast<int64_t>(segment.sender.acked) + segment.receiver.window;
}

// Whether bytes before the newest may not have been captured, or windows have another size.
bool knows_little(const Arrival& segment) {
  return static_cast<int64_t>(segment.sender.acked) > segment.newest ||
         segment.sender.stream.has_hole() || segment.sender.window_scale_unknown() ||
         segment.receiver.window_scale_unknown();
}

Cause of_rst(const Arrival& segment) {
  if (in_syn_sent(segment)) {
    const bool accepted =
        segment.tcp.has(kAck) && acknowledges_syn(segment.tcp.ack, segment.receiver);
    return accepted ? Cause::None : Cause::IgnoredWrongAck;
  }
  if (!segment.sender.begun) return Cause::None;
  if (!segment.receiver.acknowledges) {
    // What answers an ACK that was none of the SYN has the number of that.
    const bool near =
        !segment.sender.syn_seen || (segment.begin >= -1 && segment.begin <= segment.newest);
    return near ? Cause::None : Cause::IgnoredOutOfWindow;
  }
  const FinStep& fin = segment.connection.teardown->fin(segment.direction);
  const auto acked = static_cast<int64_t>(segment.sender.acked);
  if (segment.begin < acked - (fin.ack_packet != 0 ? 1 : 0)) return Cause::IgnoredOutOfWindow;
  if (segment.begin <= std::max(segment.newest, acked)) return Cause::None;
  if (segment.begin > window_end(segment)) return Cause::IgnoredOutOfWindow;
  return knows_little(segment) ? Cause::None : Cause::IgnoredRstNotExact;
}

Cause of_syn_ack(const Arrival& segment) {
  const bool acknowledges = acknowledges_syn(segment.tcp.ack, segment.receiver);
  if (in_syn_sent(segment)) return acknowledges ? Cause::None : Cause::IgnoredWrongAck;
  const bool again = segment.sender.begun && segment.begin == 0;
  if (again || segment.receiver.packets == 0) return Cause::None;
  switch (segment.connection.handshake.state) {
    case HandshakeState::NotSeen:
    case HandshakeState::SynSent:
    case HandshakeState::Refused:
      return segment.sender.begun && !segment.connection.teardown->over() ? Cause::IgnoredSyn
                                                                          : Cause::None;
    case HandshakeState::SynReceived:
      return acknowledges || !segment.receiver.syn_seen ? Cause::None : Cause::IgnoredWrongAck;
    case HandshakeState::Complete:
      // Captured behind what acknowledges it.
      if (acknowledges && segment.sender.packets == 0) return Cause::None;
      return Cause::IgnoredSyn;
    case HandshakeState::Simultaneous:
      return Cause::IgnoredSyn;
  }
  return Cause::None;
}

Cause of_fin(const Arrival& segment) {
  const int64_t offset = segment.begin + segment.length;
  if (offset < static_cast<int64_t>(segment.sender.sent_end) ||
      offset + 1 < static_cast<int64_t>(segment.sender.acked))
    return Cause::IgnoredOld;
  const bool beyond = segment.receiver.acknowledges && segment.begin > segment.newest &&
                      segment.begin > window_end(segment);
  return beyond ? Cause::IgnoredOutOfWindow : Cause::None;
}

Cause of_others(const Arrival& segment) {
  const bool has_ack = segment.tcp.has(kAck);
  if (in_syn_sent(segment) && has_ack) {
    const int64_t acked = sequence_distance(segment.receiver.first_seq, segment.tcp.ack);
    const auto sent = static_cast<int64_t>(segment.receiver.sent_end);
    return acked < 0 || acked > sent + kFirstFlight ? Cause::IgnoredWrongAck : Cause::None;
  }
  if (!segment.sender.begun) return Cause::None;
  // The byte of a keep-alive lies one before what is expected.
  const int64_t oldest = segment.sender.syn_seen ? -1 : -kLargestWindow;
  if (segment.begin < oldest) return Cause::IgnoredOld;
  if (segment.begin >
      std::max(segment.newest, static_cast<int64_t>(segment.sender.acked)) + kLargestWindow)
    return Cause::IgnoredOutOfWindow;
  return segment.tcp.has(kFin) ? of_fin(segment) : Cause::None;
}

// Both sides must have had the option, and a SYN's own window is never scaled.
bool is_unscaled(const TcpHeader& tcp, const Half& sender, const Half& receiver) {
  const auto has_none = [](const Half& half) {
    return !half.window_scaled && !half.window_scale_unknown();
  };
  return tcp.has(kSyn) || has_none(sender) || has_none(receiver);
}

}  // namespace

bool is_window_scale_unknown(const TcpHeader& tcp, const Half& sender, const Half& receiver) {
  return !is_unscaled(tcp, sender, receiver) &&
         (sender.window_scale_unknown() || receiver.window_scale_unknown());
}

uint32_t largest_window(const TcpHeader& tcp, const Half& sender, const Half& receiver) {
  if (is_unscaled(tcp, sender, receiver)) return tcp.window;
  return uint32_t{tcp.window} << (sender.window_scaled ? sender.window_shift : kLargestShift);
}

bool acknowledges_syn(uint32_t ack, const Half& of) {
  return of.syn_seen && ack - of.first_seq <= std::min(of.sent_end, kMostSynData);
}

Cause why_ignored(const Connection& connection, const Packet& packet, Direction direction) {
  const TcpHeader& tcp = packet.tcp;
  Arrival segment{connection,
                  tcp,
                  direction,
                  packet.payload_length,
                  connection.half(direction),
                  connection.half(opposite(direction))};
  const auto sent_end = static_cast<int64_t>(segment.sender.sent_end);
  if (segment.sender.begun) {
    const uint32_t seq = tcp.has(kSyn) ? tcp.seq + 1 : tcp.seq;
    segment.begin = unwrapped(seq, segment.sender.first_seq, sent_end);
    segment.newest = sent_end + (connection.teardown->fin(direction).packet != 0 ? 1 : 0);
  }
  // Whose connection is over has nothing left to be changed.
  if (tcp.has(kRst)) return connection.teardown->over() ? Cause::None : of_rst(segment);
  if (tcp.has(kSyn)) return tcp.has(kAck) ? of_syn_ack(segment) : Cause::None;
  return of_others(segment);
}

}  // namespace wireseam
