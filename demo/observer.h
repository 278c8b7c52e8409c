// SPDX-License-Identifier: Apache-2.0
// Looks at a recording: notes down what an explanation needs, and draws the picture with the
// report's own hand.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "demo/observation.h"
#include "inspector/join/report_sink.h"
#include "inspector/report/text.h"
#include "tracer/trace/event.h"
#include "tracer/trace/text_printer.h"

namespace wireseam {

// What is shown above the lanes.
enum class Above : uint8_t {
  Nothing,
  Packets,  // those that began and ended the connection
  Calls,    // the sockets' calls, as `wireseam trace` prints them
};

class FindingsObserver final : public ReportSink {
 public:
  FindingsObserver(Above above, Paint paint) : above_(above), report_(Segments::Hidden, paint) {}

  void frame(const Connection& connection, Direction direction, const Frame& frame,
             const Framing* framing) override;
  void framed(const Conversation& conversation, Direction direction, const FrameSpan& frame,
              const Beside& beside) override;
  void sent(const Conversation& conversation, Direction direction, const CallSpan& call,
            const Beside& beside) override;
  void received(const Conversation& conversation, Direction direction, const CallSpan& call,
                const Beside& beside) override;
  void ended(const Connection& connection, const ConnectionFrames* frames,
             EndReason reason) override;
  void joined(const Conversation& conversation) override;

  // Lines for the terminal.
  std::string take_picture() { return std::move(picture_); }
  std::vector<SeenConversation> take_conversations() { return std::move(conversations_); }

 private:
  SeenLanes& lanes(const Conversation& conversation, Direction direction) {
    return lanes_[conversation.id][static_cast<size_t>(direction)];
  }

  Above above_;
  TextReport report_;
  std::string picture_;
  std::map<uint64_t, std::array<SeenLanes, 2>> lanes_;  // by conversation, while it goes on
  std::vector<SeenConversation> conversations_;
};

class CallObserver final : public EventSink {
 public:
  CallObserver();

  void event(const Event& event) override;
  void finish() override { printer_.finish(); }

  std::string take_text() const { return std::string(printer_.text()); }
  std::vector<SeenCall> take_calls() { return std::move(calls_); }

 private:
  TextPrinter printer_;
  Filter filter_;
  std::map<uint32_t, std::string> programs_;  // by index of the process
  std::vector<SeenCall> calls_;
};

}  // namespace wireseam
