// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/join/replay.h"

#include <memory>

#include "inspector/join/traced_ends.h"
#include "tests/unit/packets/packet_builder.h"
#include "tracer/trace/both_events.h"
#include "tracer/trace/event_sorter.h"

namespace wireseam::test {
namespace {

class IgnoredEvents final : public EventSink {
  void event(const Event& /*event*/) override {}
};

// The calls of a trace file, up to a time.
class Calls {
 public:
  Calls(const TraceFile& file, EventSink& sink) : reader_(file.bytes()), sorter_(sink) {}

  void play_until(uint64_t end_ns) {
    for (fill(); sorter_.next_effect_ns().value_or(UINT64_MAX) < end_ns; fill())
      sorter_.release_next();
  }

 private:
  void fill() {
    while (!ended_ && !sorter_.is_settled()) {
      const auto record = reader_.next();
      ended_ = !record.has_value();
      if (record) reader_.count(sorter_.hold(*record));
    }
  }

  TraceReader reader_;
  EventSorter sorter_;
  bool ended_ = false;
};

}  // namespace

void replay(const TraceFile& calls, const std::vector<TimedBytes>& packets,
            std::string_view framing, ReportSink& sink, const BesideReplay& beside) {
  TracedEnds ends;
  Calls(calls, ends).play_until(UINT64_MAX);
  FramingRules rules;
  rules.add(framing);
  JoinedInspection joined(sink, std::move(rules), {}, ends.expectation());
  joined.wait_at_most(beside.patience_ns);
  IgnoredEvents nobody;
  BothEvents sinks(beside.calls != nullptr ? *beside.calls : nobody, joined.calls());
  Calls playing(calls, sinks);
  uint64_t number = 0;
  for (const TimedBytes& each : packets) {
    playing.play_until(each.time_ns);
    RawPacket packet = raw_packet(each.bytes);
    packet.number = ++number;
    packet.time_ns = each.time_ns;
    if (beside.packet) beside.packet(packet);
    joined.packets().packet(packet);
  }
  playing.play_until(UINT64_MAX);
  joined.calls().finish();
  joined.packets().finish("");
}

}  // namespace wireseam::test
