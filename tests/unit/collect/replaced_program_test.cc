// SPDX-License-Identifier: Apache-2.0
// A process executes another program while the collector reads the calls of the one before it.
#include <cstring>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "tests/unit/catch2.h"
#include "tests/unit/collect/scribbler.h"
#include "tracer/collect/collector.h"
#include "tracer/shim/clock.h"

using namespace wireseam;
using test::OpenedRegion;

namespace {

class Numbers : public EventSink {
 public:
  void event(const Event& event) override {
    if (const auto* call = std::get_if<CallEvent>(&event.what)) calls.push_back(call->number);
  }
  std::vector<CallNumber> calls;
};

// A chunk that is written from its beginning on.
class WrittenChunk {
 public:
  WrittenChunk(const OpenedRegion& region, uint32_t index, uint32_t pid, uint32_t process)
      : next_(region.chunk(index) + sizeof(ChunkHeader)) {
    region.take(index, pid, pid);
    reinterpret_cast<ChunkHeader*>(region.chunk(index))->process = process;
  }

  void begin_process(uint64_t start) {
    auto* record = reinterpret_cast<ProcessRecord*>(next_);
    record->start = start;
    finish(*record, RecordKind::Process);
  }

  void call(CallNumber number, uint16_t flags, uint64_t start) {
    auto* record = reinterpret_cast<CallRecord*>(next_);
    record->call = number;
    record->flags = flags;
    record->start = record->end = start;
    finish(*record, RecordKind::Call);
  }

 private:
  template <typename Record>
  void finish(Record& record, RecordKind kind) {
    record.head.store(record_head(sizeof record, kind, RecordState::Done));
    next_ += sizeof record;
  }

  std::byte* next_;
};

}  // namespace

TEST_CASE("a call whose program is replaced while its bytes are looked for is told as it was") {
  const pid_t child = test::fork_running([] {});
  const auto pid = static_cast<uint32_t>(child);
  Numbers numbers;
  std::function<void()> between_readings;
  CollectorOutputs outputs;
  outputs.sink = &numbers;
  outputs.damaged = [&](const std::string&) { between_readings(); };
  Collector collector(RegionOptions{}, outputs);
  collector.set_program(child);
  const OpenedRegion region(collector.region_path());
  const uint64_t now = realtime_ns();
  WrittenChunk first(region, 0, pid, 1);
  first.begin_process(now);
  collector.drain();

  first.call(CallNumber::send, kFlagMoreBytes, now + 1);
  // The collector speaks of damage when it has read the first chunk for the first time.
  const WrittenChunk damaged(region, 1, pid, 1);
  std::memset(region.chunk(1) + sizeof(ChunkHeader), 0xff, 4);
  between_readings = [&] {
    WrittenChunk(region, 2, pid, 2).begin_process(now + 2);
    WrittenChunk(region, 3, pid, 2).call(CallNumber::recv, 0, now + 3);
  };
  collector.drain();
  collector.finish();
  CHECK(numbers.calls == std::vector{CallNumber::send, CallNumber::recv});
  CHECK(region.owners()[0] == 0);
  test::kill_and_reap(child);
}
