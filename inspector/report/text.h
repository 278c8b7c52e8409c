// SPDX-License-Identifier: Apache-2.0
// A capture as lines for people: what happens, as it happens; a block for each connection at its
// end; a summary. Times are seconds since the first packet. Nothing that a peer sent reaches the
// terminal as it is.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>

#include "inspector/report/lane_picture.h"
#include "inspector/report/paint.h"
#include "inspector/report/printer.h"

namespace wireseam {

class TextLine;

class TextReport final : public ReportPrinter {
 public:
  TextReport(Segments segments, Paint paint) : segments_(segments), paint_(paint) {}

  void begun(const Connection& connection) override;
  void handshake(const Connection& connection) override;
  void segment(const Connection& connection, const Segment& segment, const Seams* seams) override;
  void note(const Connection& connection, const Note& note) override;
  void frame(const Connection& connection, Direction direction, const Frame& frame,
             const Framing* framing) override;
  void undecoded(const Connection& connection, Direction direction, const Undecoded& undecoded,
                 uint64_t packet) override;
  void framed(const Conversation& conversation, Direction direction, const FrameSpan& frame,
              const Beside& beside) override;
  void sent(const Conversation& conversation, Direction direction, const CallSpan& call,
            const Beside& beside) override;
  void received(const Conversation& conversation, Direction direction, const CallSpan& call,
                const Beside& beside) override;
  void datagram(const DatagramTalk& talk, Direction direction, const Datagram& datagram) override;
  void datagrams(const DatagramTalk& talk) override;
  void joined(const Conversation& conversation) override;
  void closing(const Connection& connection, uint64_t packet, uint64_t time_ns) override;
  void ended(const Connection& connection, const ConnectionFrames* frames,
             EndReason reason) override;
  void dropped(const CaptureLosses& losses) override;
  void summary(const CaptureSummary& summary) override;

 private:
  void start(uint64_t time_ns);
  void begin(TextLine& line, uint64_t time_ns, uint64_t connection) const;
  void begin(TextLine& line, uint64_t time_ns, uint64_t connection, Direction direction) const;
  void add_frame(TextLine& line, const Frame& frame) const;
  void append_header(const Frame& frame, const Framing* framing);
  LanePicture& picture(const Conversation& conversation, Direction direction,
                       std::span<const WireSpan> segments);
  void announce(const Connection& connection);
  void append_title(const Connection& connection, EndReason reason);
  double seconds(uint64_t time_ns) const;

  Segments segments_;
  Paint paint_;
  std::map<uint64_t, std::array<LanePicture, 2>> pictures_;  // by conversation and Direction
  std::optional<uint64_t> begin_ns_;  // of the capture; none: nothing came so far
};

}  // namespace wireseam
