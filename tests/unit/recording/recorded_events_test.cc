// SPDX-License-Identifier: Apache-2.0
#include "inspector/recording/recorded_events.h"

#include "common/error.h"
#include "tests/unit/catch2.h"
#include "tests/unit/recording/recording_folder.h"
#include "tests/unit/trace/trace_file.h"

using namespace wireseam;
using namespace wireseam::test;
using Catch::Matchers::ContainsSubstring;

namespace {

using Lines = std::vector<std::string>;

// A recv by that process, which took effect at `end`.
Event recv(uint32_t process, uint64_t start, uint64_t end) {
  Event event = EventBuilder("recv").thread(process).begins(start).lasts(end - start).event();
  event.process = process;
  std::get<CallEvent>(event.what).blobs = {};
  return event;
}

// "TIME PROCESS/TID" of each event.
class Order : public EventSink {
 public:
  void event(const Event& event) override { lines.push_back(text(event)); }
  void running(const Event& event) override { lines.push_back("running " + text(event)); }
  void finish() override { lines.emplace_back("finish"); }

  Lines lines;

 private:
  static std::string text(const Event& event) {
    return std::to_string(event.time_ns) + " " + std::to_string(event.process) + "/" +
           std::to_string(event.tid);
  }
};

Lines replayed(const std::string& folder) {
  RecordedEvents events{Recording(folder)};
  Order order;
  replay(events, order);
  return order.lines;
}

}  // namespace

TEST_CASE("events of all parts come in the order in which they took effect, each program its own") {
  const TempFolder folder;
  write_part(folder / "r");
  write_part(folder / "r/2");
  write_calls(folder / "r/calls.wst", {recv(1, 10, 11), recv(2, 30, 31), recv(1, 50, 51)});
  write_calls(folder / "r/2/calls.wst", {recv(1, 20, 21), recv(7, 40, 41), recv(1, 60, 61)});
  CHECK(replayed(folder / "r") ==
        Lines{"10 1/1", "20 2/1", "30 3/2", "40 4/7", "50 1/1", "60 2/1", "finish"});
}

TEST_CASE("the time of the next event is when it took effect, and stepping takes one") {
  const TempFolder folder;
  write_part(folder / "r");
  write_calls(folder / "r/calls.wst", {recv(1, 20, 25), recv(1, 30, 39)});
  RecordedEvents events{Recording(folder / "r")};
  Order order;
  CHECK(events.peek_time_ns() == 25);
  CHECK(events.peek_time_ns() == 25);
  events.step(order);
  CHECK(order.lines == Lines{"20 1/1"});
  CHECK(events.peek_time_ns() == 39);
  events.step(order);
  CHECK(events.peek_time_ns() == std::nullopt);
}

TEST_CASE("a call that others overtook is announced before them") {
  const TempFolder folder;
  write_part(folder / "r");
  write_calls(folder / "r/calls.wst", {recv(1, 20, 30), recv(2, 10, 40)});
  CHECK(replayed(folder / "r") == Lines{"running 10 1/2", "20 2/1", "10 1/2", "finish"});
}

TEST_CASE("the calls that its parts have lost are added up") {
  const TempFolder folder;
  for (const char* part : {"r", "r/2"}) write_part(folder / part);
  const auto lost = [](uint64_t time_ns, uint64_t count) {
    Event event;
    event.time_ns = time_ns;
    event.what = LostEvent{count};
    return event;
  };
  write_calls(folder / "r/calls.wst", {lost(10, 5), lost(30, 7)});
  write_calls(folder / "r/2/calls.wst", {lost(20, 100)});
  RecordedEvents events{Recording(folder / "r")};
  struct Counts : EventSink {
    void event(const Event& event) override {
      counts.push_back(std::get<LostEvent>(event.what).count);
    }
    std::vector<uint64_t> counts;
  } sink;
  replay(events, sink);
  CHECK(sink.counts == std::vector<uint64_t>{5, 105, 107});
}

TEST_CASE("of a recording that goes on there is what has been written, up to the horizon") {
  const TempFolder folder;
  write_part(folder / "r");
  folder.write("r/calls.wst", "");
  RecordedEvents events{Recording(folder / "r")};
  CHECK(events.peek_time_ns() == std::nullopt);
  write_calls(folder / "r/calls.wst", {recv(1, 10, 11), recv(1, 20, 21)});
  const std::string file = folder / "r/calls.wst";
  const auto size = std::filesystem::file_size(file);
  std::filesystem::resize_file(file, size - 1);
  events.read_on(15);
  Order order;
  replay(events, order);
  events.read_on(30);
  CHECK(events.peek_time_ns() == std::nullopt);
  write_calls(file, {recv(1, 10, 11), recv(1, 20, 21)});
  events.read_on(30);
  replay(events, order);
  CHECK(order.lines == Lines{"10 1/1", "finish", "20 1/1", "finish"});
  CHECK(events.flaws().empty());
}

TEST_CASE("files that were cut off give what there is, and it is said at the end") {
  const TempFolder folder;
  write_part(folder / "r");
  write_calls(folder / "r/calls.wst", {recv(1, 10, 11), recv(1, 20, 21)});
  const std::string file = folder / "r/calls.wst";
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
  RecordedEvents events{Recording(folder / "r")};
  Order order;
  replay(events, order);
  CHECK(order.lines == Lines{"10 1/1", "finish"});
  CHECK_THAT(events.flaws().at(0), ContainsSubstring("r/calls.wst: "));
}

TEST_CASE("a file of calls that is none is an error") {
  const TempFolder folder;
  write_part(folder / "r");
  folder.write("r/calls.wst", "nothing of the kind");
  CHECK_THROWS_AS(RecordedEvents(Recording(folder / "r")), Error);
}
