// SPDX-License-Identifier: Apache-2.0
// Takes everything that there is to say of a capture, as it becomes known: what text, JSON and the
// screens are made of. All that is handed over is live during the call, connections until they have
// ended.
#pragma once

#include "inspector/decode/icmp_error.h"
#include "inspector/flow/flow_sink.h"
#include "inspector/frame/frame.h"
#include "inspector/join/capture_summary.h"
#include "inspector/join/connection_frames.h"
#include "inspector/join/conversation.h"
#include "inspector/join/datagram.h"
#include "inspector/join/note.h"

namespace wireseam {

class ReportSink {
 public:
  virtual ~ReportSink() = default;

  virtual void begun(const Connection& /*connection*/) {}
  virtual void handshake(const Connection& /*connection*/) {}
  // With how the frames lie in it; null where that is not known: it brought no bytes, or they have
  // to wait for others, or there is no framing. Comes behind the notes and frames of its packet.
  virtual void segment(const Connection&, const Segment&, const Seams* /*seams*/) {}
  virtual void note(const Connection&, const Note&) {}
  // Without a framing: a datagram.
  virtual void frame(const Connection&, Direction, const Frame&, const Framing* /*framing*/) {}
  // The bytes up to that offset are of no frame: the connection has none.
  virtual void unframed(const Connection&, Direction, uint64_t /*end*/) {}
  // `packet` is the one that showed it; 0: the end of the connection did.
  virtual void undecoded(const Connection&, Direction, const Undecoded&, uint64_t /*packet*/) {}
  // The bytes of a stream, and those of it that will never come.
  virtual void data(const Connection&, Direction, const StreamPiece&) {}
  virtual void gap(const Connection&, Direction, ByteRange /*missing*/) {}
  // The teardown has come to another state, by this packet.
  virtual void closing(const Connection&, uint64_t /*packet*/, uint64_t /*time_ns*/) {}
  // Without frames: no data was seen, or it is UDP.
  virtual void ended(const Connection&, const ConnectionFrames* /*frames*/, EndReason) {}
  // A call on that stream socket. Without a conversation: the socket is of none so far, and may
  // come to be of one later. Before anything else that is told of the call.
  virtual void called(uint64_t /*socket*/, const Conversation*, Role) {}
  // The conversation of which calls alone were known is on the wire, and has its connection's id
  // instead of `before`. Comes behind `begun`.
  virtual void found_on_wire(const Conversation&, uint64_t /*before*/) {}
  // With calls beside the packets, frames of TCP come here instead of `frame`, as soon as it is
  // known what lies beside them.
  virtual void framed(const Conversation&, Direction, const FrameSpan&, const Beside&) {}
  virtual void sent(const Conversation&, Direction, const CallSpan&, const Beside&) {}
  virtual void received(const Conversation&, Direction, const CallSpan&, const Beside&) {}
  // A conversation has ended: all of its packets and calls were seen.
  virtual void joined(const Conversation&) {}
  // With calls beside the packets: a datagram of UDP, as soon as it is known what became of it; and
  // all that two ends sent each other, at the end.
  virtual void datagram(const DatagramTalk&, Direction, const Datagram&) {}
  virtual void datagrams(const DatagramTalk&) {}
  // Somebody could not deliver a packet of the capture, or says that another way is better.
  virtual void icmp_error(const IcmpError&) {}
  // Packets are missing in the capture, so many in all by now.
  virtual void dropped(const CaptureLosses&) {}
  // The last call.
  virtual void summary(const CaptureSummary&) {}
};

}  // namespace wireseam
