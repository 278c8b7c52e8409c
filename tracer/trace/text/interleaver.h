// SPDX-License-Identifier: Apache-2.0
// Lines of calls that overlap. A call that others come into is shown as strace shows it:
//
//     accept(3,  <unfinished ...>
//     <... accept resumed>{sa_family=AF_UNIX}, [110 => 2]) = 4
//
// Events come in the order in which they took effect, and a call is announced when it was running
// while others came (EventSink::running). An announced call is not shown at once: if it returns
// before anything else happens its line is never cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tracer/trace/event.h"
#include "tracer/trace/text/line_buffer.h"
#include "tracer/trace/text/line_start.h"

namespace wireseam {

// A call that is running, as far as its text is known.
struct RunningCall {
  uint32_t tid = 0;
  uint32_t serial = 0;
  uint64_t begin_ns = 0;
  size_t arguments = 0;  // how many of them `entry` has
  std::string name;
  std::string entry;
};

class Interleaver {
 public:
  // Both must live as long as this.
  Interleaver(LineBuffer& lines, LineStart& line_start) : lines_(lines), line_start_(line_start) {}

  // A call that was announced before is not announced twice.
  void announce(RunningCall call);

  // Shows what was announced: lines that are begun, and cut but for the last.
  void show_announced();

  // Makes the last line that of this call, which has returned. The value is how many arguments the
  // line has already: none where it was begun afresh and has its start only.
  std::optional<size_t> continue_call(const Event& event, const CallEvent& call);

  // A line of its own for something else, which has its start.
  void begin_line(uint32_t tid, uint64_t time_ns);

  // Leaves no line open at the end of the trace.
  void finish();

 private:
  void cut_line();
  std::optional<RunningCall> take(std::vector<RunningCall>& calls, const Event& event,
                                  const CallEvent& call);

  LineBuffer& lines_;
  LineStart& line_start_;
  std::vector<RunningCall> announced_;  // not shown yet
  std::vector<RunningCall> shown_;      // shown; the last one's line is open, if any line is
};

}  // namespace wireseam
