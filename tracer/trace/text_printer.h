// SPDX-License-Identifier: Apache-2.0
// Events to the lines that strace would print. Writes into memory; whoever drives it puts the text
// where it belongs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tracer/trace/event.h"
#include "tracer/trace/filter.h"
#include "tracer/trace/socket_table.h"
#include "tracer/trace/text/interleaver.h"
#include "tracer/trace/text/line_buffer.h"
#include "tracer/trace/text/line_start.h"
#include "tracer/trace/text/writer.h"
#include "tracer/trace/text_options.h"

namespace wireseam {

class TextPrinter : public EventSink {
 public:
  explicit TextPrinter(const TextOptions& options, Filter filter = {});
  TextPrinter(const TextPrinter&) = delete;
  TextPrinter& operator=(const TextPrinter&) = delete;

  void event(const Event& event) override;
  void running(const Event& event) override;
  void idle() override;
  void finish() override;

  // What was written since clear(). The last line may be unfinished. The end of the last call may
  // be held back until idle().
  std::string_view text() const { return lines_.view(); }
  void clear() { lines_.clear(); }

 private:
  void call(const Event& event, const CallEvent& call);
  bool shows(const Event& event, const CallEvent& call) const;
  const SocketTable* sockets() const { return sockets_ ? &*sockets_ : nullptr; }
  TextWriter writer(std::string& out, const Event& event) const;
  uint64_t end_of(const Event& event, const CallEvent& call);
  void write_exit(const Event& event, const CallEvent& call, size_t written);
  void process_begin(const Event& event, const ProcessBeginEvent& begin);
  void process_end(const Event& event, const ProcessEndEvent& end);
  void lost(const Event& event, const LostEvent& lost);
  void unseen_socket(const Event& event, const UnseenSocketEvent& socket);
  void note(const Event& event, std::string_view text);

  const TextOptions options_;
  const Filter filter_;
  LineBuffer lines_;
  LineStart line_start_{options_};
  Interleaver interleaver_{options_, lines_, line_start_};
  std::optional<SocketTable> sockets_;  // if somebody asks what a descriptor is
  std::string entry_, exit_, result_;   // of the call at hand
  uint64_t latest_ns_ = 0;              // when the latest call ended
  uint64_t lost_ = 0;
};

}  // namespace wireseam
