// SPDX-License-Identifier: Apache-2.0
// A trace as JSON Lines: one event a line, as docs/json.md describes it. Keys are only ever added.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "common/json_writer.h"
#include "common/utc_time.h"
#include "tracer/trace/event.h"
#include "tracer/trace/socket_table.h"

namespace wireseam {

// Writes into memory; whoever drives it puts the lines where they belong.
class JsonPrinter : public EventSink {
 public:
  // Which events are written; all of them are followed, so that sockets stay known.
  using Filter = std::function<bool(const Event& event)>;

  explicit JsonPrinter(Filter filter = nullptr) : filter_(std::move(filter)) {}
  JsonPrinter(const JsonPrinter&) = delete;
  JsonPrinter& operator=(const JsonPrinter&) = delete;

  void event(const Event& event) override;

  // What was written since clear(): whole lines.
  std::string_view text() const { return lines_; }
  void clear() { lines_.clear(); }

 private:
  void append_line(const Event& event, const CallSockets& about);
  void append_call(const CallEvent& call, const CallSockets& about);
  void append_time(uint64_t time_ns);

  Filter filter_;
  SocketTable sockets_;
  std::unordered_map<uint32_t, std::string> names_;  // of processes, by pid
  std::string lines_;
  JsonWriter out_{lines_};
  UtcTime time_;
};

}  // namespace wireseam
