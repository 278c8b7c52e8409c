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

// Whether the packets that began and ended a connection are shown above its lanes.
enum class Ladder : uint8_t { Hidden, Shown };

class FindingsObserver final : public ReportSink {
 public:
  FindingsObserver(Ladder ladder, Paint paint)
      : ladder_(ladder), report_(Segments::Hidden, paint) {}

  void framed(const Conversation& conversation, Direction direction, const FrameSpan& frame,
              const Beside& beside) override;
  void sent(const Conversation& conversation, Direction direction, const CallSpan& call,
            const Beside& beside) override;
  void received(const Conversation& conversation, Direction direction, const CallSpan& call,
                const Beside& beside) override;
  void ended(const Connection& connection, const ConnectionFrames* frames,
             EndReason reason) override;
  void datagram(const DatagramTalk& talk, Direction direction, const Datagram& datagram) override;
  void datagrams(const DatagramTalk& talk) override;
  void joined(const Conversation& conversation) override;

  // Lines for the terminal.
  std::string take_picture() { return std::move(picture_); }
  std::vector<SeenConversation> take_conversations() { return std::move(conversations_); }
  std::vector<SeenDatagram> take_datagrams() { return std::move(datagrams_); }

 private:
  SeenLanes& lanes(const Conversation& conversation, Direction direction) {
    return lanes_[conversation.id][static_cast<size_t>(direction)];
  }

  Ladder ladder_;
  TextReport report_;
  std::string picture_;
  std::map<uint64_t, std::array<SeenLanes, 2>> lanes_;  // by conversation, while it goes on
  std::vector<SeenConversation> conversations_;
  std::vector<SeenDatagram> datagrams_;
};

class CallObserver final : public EventSink {
 public:
  // Of the calls with these names: "bind,listen".
  explicit CallObserver(std::string_view names);

  void event(const Event& event) override;

  // Lines for the terminal: "echo-client: connect(...) = 0".
  std::string text() const;
  std::vector<SeenCall> take_calls() { return std::move(calls_); }

 private:
  void print(const Event& event, const CallEvent& call);

  TextPrinter printer_;
  Filter filter_;
  std::multimap<uint64_t, std::string> lines_;  // by the time at which they belong
  std::map<uint32_t, std::string> programs_;    // by index of the process
  std::vector<SeenCall> calls_;
};

}  // namespace wireseam
