// SPDX-License-Identifier: Apache-2.0
// A trace as JSON Lines: one event a line, as docs/json.md describes it. Keys are only ever added.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "common/json_writer.h"
#include "tracer/trace/event.h"
#include "tracer/trace/socket_table.h"

namespace wireseam {

class JsonSink : public EventSink {
 public:
  // Takes whole lines, some at a time: whenever nothing more is at hand, and before many come
  // together. What it throws, the sink's functions throw.
  using Write = std::function<void(std::string_view lines)>;

  // Which events are written; all of them are followed, so that sockets stay known.
  using Filter = std::function<bool(const Event& event)>;

  explicit JsonSink(Write write, Filter filter = nullptr);

  void event(const Event& event) override;
  void idle() override { flush(); }
  void finish() override { flush(); }

 private:
  void append_line(const Event& event, const CallSockets& about);
  void append_call(const CallEvent& call, const CallSockets& about);
  void append_time(uint64_t time_ns);
  void flush();

  Write write_;
  Filter filter_;
  SocketTable sockets_;
  std::unordered_map<uint32_t, std::string> names_;  // of processes, by pid
  std::string lines_;
  JsonWriter out_{lines_};
  uint64_t second_ = UINT64_MAX;  // of second_text_
  std::string second_text_;       // "2024-01-02T03:04:05"
};

}  // namespace wireseam
