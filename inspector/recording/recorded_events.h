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

  // For a recording that goes on: what was recorded since is there, too, but nothing that took
  // effect after the horizon, since something earlier may still come.
  void read_on(uint64_t horizon_ns);

  // A part that has joined, the next of the recording.
  void join(const RecordingPart& part);

  // When the next one took effect: a call when it returned (EventSorter has the exceptions). No
  // value when there are no more.
  std::optional<uint64_t> peek_time_ns();

  // Of which part it is, by its place in Recording::parts(). There must be one.
  size_t peek_part();

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
  uint64_t horizon_ns_ = UINT64_MAX;
};

// Gives all of them to the sink, and ends with sink.finish().
void replay(RecordedEvents& events, EventSink& sink);

}  // namespace wireseam
