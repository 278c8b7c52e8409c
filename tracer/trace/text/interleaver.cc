// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/text/interleaver.h"

#include <algorithm>
#include <utility>

namespace wireseam {
namespace {

auto find(std::vector<RunningCall>& calls, uint32_t tid, uint32_t serial) {
  return std::ranges::find_if(
      calls, [&](const RunningCall& call) { return call.tid == tid && call.serial == serial; });
}

}  // namespace

void Interleaver::announce(RunningCall call) {
  const bool known = find(announced_, call.tid, call.serial) != announced_.end() ||
                     find(shown_, call.tid, call.serial) != shown_.end();
  if (!known) announced_.push_back(std::move(call));
}

void Interleaver::show_announced() {
  for (RunningCall& call : announced_) {
    begin_line(call.tid, call.begin_ns);
    lines_.text() += call.entry;
    shown_.push_back(std::move(call));
  }
  announced_.clear();
}

std::optional<size_t> Interleaver::continue_call(const Event& event, const CallEvent& call) {
  if (announced_.size() == 1 && announced_.front().tid == event.tid &&
      announced_.front().serial == call.serial)
    announced_.clear();
  show_announced();
  const bool line_is_its =
      lines_.open() && shown_.back().tid == event.tid && shown_.back().serial == call.serial;
  const auto begun = take(shown_, event, call);
  if (line_is_its) return begun->arguments;
  begin_line(event.tid, begun ? event.time_ns + call.duration_ns : event.time_ns);
  if (!begun) return std::nullopt;
  lines_.text() += "<... ";
  lines_.text() += begun->name;
  lines_.text() += " resumed>";
  return begun->arguments;
}

std::optional<RunningCall> Interleaver::take(std::vector<RunningCall>& calls, const Event& event,
                                             const CallEvent& call) {
  const auto found = find(calls, event.tid, call.serial);
  if (found == calls.end()) return std::nullopt;
  RunningCall taken = std::move(*found);
  calls.erase(found);
  return taken;
}

void Interleaver::begin_line(uint32_t tid, uint64_t time_ns) {
  cut_line();
  lines_.begin();
  line_start_.write(lines_.text(), tid, time_ns);
}

void Interleaver::cut_line() {
  if (!lines_.open()) return;
  lines_.text() += " <unfinished ...>";
  lines_.end();
}

void Interleaver::finish() {
  show_announced();
  cut_line();
}

}  // namespace wireseam
