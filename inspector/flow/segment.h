// SPDX-License-Identifier: Apache-2.0
// One segment on its connection's axes, and what there is to say of it in two vocabularies: what
// happened (Cause), and what Wireshark calls it (WiresharkName).
#pragma once

#include <cstdint>
#include <string_view>

#include "common/byte_range.h"

namespace wireseam {

enum class Direction : uint8_t { ToServer, ToClient };

inline Direction opposite(Direction direction) {
  return direction == Direction::ToServer ? Direction::ToClient : Direction::ToServer;
}

// What happened. segment_cause.h says how each is decided.
enum class Cause : uint8_t {
  None,
  Retransmission,          // sent again after a time-out, or for a reason that can't be seen
  FastRetransmission,      // sent again because of ACKs that told of a hole
  TailProbe,               // the last segment sent again before the time-out (RFC 8985)
  SpuriousRetransmission,  // sent again though the receiver had acknowledged it
  Reordered,               // overtaken by segments that were sent after it
  NetworkDuplicate,        // the same packet twice, not sent twice
  Hole,                    // bytes before it have not been seen yet
  LostBeforeCapture,       // those bytes were lost, and sent again later
  NotCaptured,             // those bytes arrived at the receiver, but the capture lacks them
  ZeroWindow,
  ZeroWindowProbe,
  ZeroWindowProbeAck,
  WindowFull,
  WindowUpdate,
  KeepAlive,
  KeepAliveAck,
  DuplicateAck,
  DuplicateReport,  // D-SACK (RFC 2883): the receiver got some bytes twice
  DifferentCopy,    // bytes that had another value in a copy that is still held
  PortsReused,
  // Ignored by its receiver; acceptance.h says when.
  IgnoredOld,          // of an older connection of these ports
  IgnoredOutOfWindow,  // an RST or FIN at a place where none is taken
  IgnoredRstNotExact,  // in the window, but not at the place that is expected next
  IgnoredWrongAck,     // an answer to another SYN
  IgnoredSyn,          // of a connection that is there already
};

// tcp.analysis.NAME, by the definitions of Wireshark 4.0; bits, since a packet may have several.
enum class WiresharkName : uint32_t {
  Retransmission = 1 << 0,
  FastRetransmission = 1 << 1,
  SpuriousRetransmission = 1 << 2,
  OutOfOrder = 1 << 3,
  LostSegment = 1 << 4,
  AckLostSegment = 1 << 5,
  ZeroWindow = 1 << 6,
  ZeroWindowProbe = 1 << 7,
  ZeroWindowProbeAck = 1 << 8,
  WindowFull = 1 << 9,
  WindowUpdate = 1 << 10,
  KeepAlive = 1 << 11,
  KeepAliveAck = 1 << 12,
  DuplicateAck = 1 << 13,
  ReusedPorts = 1 << 14,
  FastOpenSyn = 1 << 15,
  FastOpenAck = 1 << 16,
  FastOpenIgnored = 1 << 17,
};

class WiresharkNames {
 public:
  void add(WiresharkName name) { bits_ |= static_cast<uint32_t>(name); }
  void remove(WiresharkName name) { bits_ &= ~static_cast<uint32_t>(name); }
  bool has(WiresharkName name) const { return (bits_ & static_cast<uint32_t>(name)) != 0; }
  bool empty() const { return bits_ == 0; }
  bool operator==(const WiresharkNames&) const = default;

  // Calls visit(std::string_view) for each, as Wireshark's fields are called ("lost_segment"); a
  // fast or spurious retransmission is a retransmission, too, there as here.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (uint32_t bit = 1; bit != 0; bit <<= 1)
      if ((bits_ & bit) != 0) visit(text(static_cast<WiresharkName>(bit)));
  }

 private:
  static std::string_view text(WiresharkName name);

  uint32_t bits_ = 0;
};

// "fast-retransmission": the word in JSON and text.
std::string_view to_string(Cause cause);

// Whether the segment's bytes were on their way before.
bool is_retransmission(Cause cause);

// Whether its receiver did as if it had not come.
bool is_ignored(Cause cause);

struct Segment {
  uint64_t packet = 0;
  uint64_t time_ns = 0;
  Direction direction = Direction::ToServer;
  uint16_t flags = 0;   // TcpFlag
  ByteRange range;      // of its payload on its direction's axis; empty without payload
  uint64_t fresh = 0;   // how many of these bytes had not been seen
  uint64_t ack = 0;     // offset on the other direction's axis up to which it acknowledges
  uint64_t window = 0;  // in bytes, scaled
  bool window_scale_unknown = false;  // so that `window` is as it was sent
  Cause cause = Cause::None;
  // What the cause is about where that is not the segment's own range: the hole, the bytes
  // reported.
  ByteRange about;
  WiresharkNames wireshark;
  // So many bytes lie before offset 0: the capture began behind them. They are not in `range`.
  uint32_t before_axis = 0;
  uint32_t fresh_before_axis = 0;  // how many of those had not been seen; of `fresh`, too
  uint32_t rst_text = 0;           // bytes of text that an RST has with it: no part of the stream
  uint32_t wire_packets = 1;       // more than one where it is longer than the MSS: offloaded
  uint64_t in_flight = 0;          // bytes of its direction unacknowledged behind it; 0: not known
  uint64_t acks_packet = 0;        // whose bytes it acknowledges to the end; 0: none
  int64_t ack_rtt_ns = 0;          // the time since that packet, which may be the later one
  uint32_t duplicate_acks = 0;     // the how manieth in a row
};

}  // namespace wireseam
