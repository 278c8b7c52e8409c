// SPDX-License-Identifier: Apache-2.0
// Takes everything that there is to say of a capture, as it becomes known: what text, JSON and the
// screens are made of. All that is handed over is live during the call, connections until they have
// ended.
#pragma once

#include "inspector/flow/flow_sink.h"
#include "inspector/frame/frame.h"
#include "inspector/join/capture_summary.h"
#include "inspector/join/note.h"

namespace wireseam {

class ReportSink {
 public:
  virtual ~ReportSink() = default;

  virtual void begun(const Connection& /*connection*/) {}
  virtual void handshake(const Connection& /*connection*/) {}
  // Comes behind the notes and frames of its packet.
  virtual void segment(const Connection&, const Segment&) {}
  virtual void note(const Connection&, const Note&) {}
  virtual void frame(const Connection&, Direction, const Frame&) {}
  virtual void undecoded(const Connection&, Direction, const Undecoded&) {}
  // The bytes of a stream, and those of it that will never come.
  virtual void data(const Connection&, Direction, const StreamPiece&) {}
  virtual void gap(const Connection&, Direction, ByteRange /*missing*/) {}
  // The teardown has come to another state, by this packet.
  virtual void closing(const Connection&, uint64_t /*packet*/, uint64_t /*time_ns*/) {}
  virtual void ended(const Connection&, EndReason) {}
  // Packets are missing in the capture, so many in all by now.
  virtual void dropped(const CaptureLosses&) {}
  // The last call.
  virtual void summary(const CaptureSummary&) {}
};

}  // namespace wireseam
