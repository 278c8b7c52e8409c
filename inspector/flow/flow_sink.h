// SPDX-License-Identifier: Apache-2.0
// Takes what the flow table finds, as it finds it. A connection's address stays the same until its
// `ended`; everything else is live during the call.
#pragma once

#include "common/stream_piece.h"
#include "inspector/flow/connection.h"

namespace wireseam {

// What became known of a packet that was seen earlier.
struct LateNote {
  uint64_t packet = 0;
  uint64_t time_ns = 0;  // when it became known
  Direction direction = Direction::ToServer;
  Cause cause = Cause::None;
  ByteRange about;
};

enum class EndReason : uint8_t {
  Over,      // closed or reset, and silent since
  Reused,    // a new connection has the same tuple
  Idle,      // UDP: nothing for a while
  GivenUp,   // there were too many: the one that was silent longest
  Finished,  // the capture ended
};

class FlowSink {
 public:
  virtual ~FlowSink() = default;

  virtual void begun(Connection& /*connection*/) {}
  // A TCP segment or UDP datagram. Its bytes follow by `data`, now or when their turn comes.
  virtual void segment(const Connection& /*connection*/, const Segment& /*segment*/) {}
  virtual void data(const Connection& /*connection*/, Direction, const StreamPiece&) {}
  virtual void gap(const Connection& /*connection*/, Direction, ByteRange /*missing*/) {}
  virtual void note(const Connection& /*connection*/, const LateNote&) {}
  // The handshake is complete, or was refused.
  virtual void handshake(const Connection& /*connection*/) {}
  // The teardown has come to another state.
  virtual void closing(const Connection& /*connection*/) {}
  // All that one packet brought has been said; its segment is live until then.
  virtual void packet_done() {}
  virtual void ended(Connection& /*connection*/, EndReason) {}
};

}  // namespace wireseam
