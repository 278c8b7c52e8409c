// SPDX-License-Identifier: Apache-2.0
#include "inspector/run/replay_recording.h"

#include "inspector/engine/joined_inspection.h"
#include "inspector/run/opened_source.h"
#include "tracer/trace/both_events.h"

namespace wireseam {
void replay_recording(const std::string& folder, ReportSink& findings, EventSink& calls) {
  InspectRequest request;
  request.file = folder;
  const OpenedSource opened = open_source(request, [](const std::string&) {});
  JoinedInspection inspection(findings, opened.framing, {}, opened.traced);
  BothEvents sinks(inspection.calls(), calls);
  const auto take_calls = [&](uint64_t until_ns) {
    for (auto next_ns = opened.calls->peek_time_ns(); next_ns && *next_ns < until_ns;
         next_ns = opened.calls->peek_time_ns())
      opened.calls->step(sinks);
  };
  while (!opened.packets->ended()) {
    const RawPacket* raw = opened.packets->next();
    if (raw == nullptr) continue;
    take_calls(raw->time_ns);
    inspection.packets().packet(*raw);
  }
  take_calls(UINT64_MAX);
  sinks.finish();
  inspection.packets().finish(opened.packets->flaw());
}

}  // namespace wireseam
