// SPDX-License-Identifier: Apache-2.0
// The events of all parts of a recording, in the order in which they took effect, one at a time:
// who joins them with packets wants both in the order of time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "inspector/recording/recording.h"
#include "tracer/trace/event.h"

namespace wireseam {

class RecordedEvents {
 public:
  // Throws Error where a file of calls is none.
  explicit RecordedEvents(const Recording& recording);
  ~RecordedEvents();

  // When the next one took effect: a call when it returned (EventSorter has the exceptions). No
  // value when there are no more.
  std::optional<uint64_t> peek_time_ns();

  // Gives it to the sink, and before it those calls to running() that began before it and took
  // effect after it. There must be one. Programs are counted anew over all parts.
  void step(EventSink& sink);

  // What a user should be told about the files: where they were cut off. Known at the end.
  std::vector<std::string> flaws() const;

 private:
  class Part;
  class Numbers;

  Part* first_part();

  std::unique_ptr<Numbers> numbers_;
  std::vector<std::unique_ptr<Part>> parts_;
};

// Gives all of them to the sink, and ends with sink.finish().
void replay(RecordedEvents& events, EventSink& sink);

}  // namespace wireseam
