// SPDX-License-Identifier: Apache-2.0
// A capture as lines for people: what happens, as it happens; a block for each connection at its
// end; a summary. Times are seconds since the first packet. Nothing that a peer sent reaches the
// terminal as it is.
#pragma once

#include <optional>

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
  void closing(const Connection& connection, uint64_t packet, uint64_t time_ns) override;
  void ended(const Connection& connection, const ConnectionFrames* frames,
             EndReason reason) override;
  void dropped(const CaptureLosses& losses) override;
  void summary(const CaptureSummary& summary) override;

 private:
  void begin(TextLine& line, uint64_t time_ns, const Connection& connection) const;
  void begin(TextLine& line, uint64_t time_ns, const Connection& connection,
             Direction direction) const;
  void announce(const Connection& connection);
  void append_title(const Connection& connection, EndReason reason);
  double seconds(uint64_t time_ns) const;

  Segments segments_;
  Paint paint_;
  std::optional<uint64_t> begin_ns_;  // of the capture; none: nothing came so far
};

}  // namespace wireseam
