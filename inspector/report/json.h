// SPDX-License-Identifier: Apache-2.0
// A capture as JSON Lines, as docs/json.md describes it. Keys are only ever added.
#pragma once

#include <string>
#include <string_view>

#include "common/json_writer.h"
#include "common/utc_time.h"
#include "inspector/report/printer.h"

namespace wireseam {

class JsonReport final : public ReportPrinter {
 public:
  explicit JsonReport(Segments segments = Segments::Hidden) : segments_(segments) {}

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
  void begin(std::string_view type);
  void begin(std::string_view type, uint64_t connection);
  void begin_call(std::string_view type, const Conversation& conversation, Direction direction,
                  const CallSpan& call);
  void end();
  void time(std::string_view key, uint64_t time_ns);
  void ends(const Connection& connection);

  Segments segments_;
  UtcTime time_;
  JsonWriter out_{text_};
};

}  // namespace wireseam
