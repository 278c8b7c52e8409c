// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/event_sorter.h"

#include "tests/unit/catch2.h"
#include "tests/unit/trace/event_builder.h"
#include "tests/unit/trace/trace_file.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

constexpr uint64_t kSecond = 1'000'000'000;

EventBuilder call(std::string_view name, uint32_t tid, uint64_t start, uint64_t end) {
  EventBuilder builder(name);
  builder.process(1, tid).begins(start).lasts(end - start);
  return builder;
}

// "TIME TID NAME" of each event.
class Order : public EventSink {
 public:
  void event(const Event& event) override { lines.push_back(text(event)); }
  void running(const Event& event) override {
    const bool marked = std::get<CallEvent>(event.what).state == CallState::Running;
    lines.push_back("running " + text(event) + (marked ? "" : " in the wrong state"));
  }

  std::vector<std::string> lines;

 private:
  static std::string text(const Event& event) {
    const auto* call = std::get_if<CallEvent>(&event.what);
    return std::to_string(event.time_ns) + " " + std::to_string(event.tid) + " " +
           (call != nullptr ? std::string(call->info->name) : "process");
  }
};

std::vector<std::string> sorted(const TraceFile& file) {
  Order order;
  TraceReader reader(file.bytes());
  replay_trace(reader, order);
  return order.lines;
}

}  // namespace

TEST_CASE("calls come in the order in which they returned, however they lie in the file") {
  TraceFile file;
  file.add(call("send", 1, 50, 60).event());
  file.add(call("send", 2, 30, 40).event());
  file.add(call("recv", 1, 10, 20).event());
  CHECK(sorted(file) == std::vector<std::string>{"10 1 recv", "30 2 send", "50 1 send"});
}

TEST_CASE("a call that others came and went in is announced when it begins") {
  TraceFile file;
  file.add(call("send", 2, 30, 40).event());
  file.add(call("accept", 1, 10, 50).event());
  CHECK(sorted(file) ==
        std::vector<std::string>{"running 10 1 accept", "30 2 send", "10 1 accept"});
}

TEST_CASE("calls that overlap are each announced in the order of their beginning") {
  TraceFile file;
  file.add(call("send", 2, 15, 30).event());
  file.add(call("recv", 1, 10, 20).event());
  CHECK(sorted(file) == std::vector<std::string>{"running 10 1 recv", "running 15 2 send",
                                                 "10 1 recv", "15 2 send"});
}

TEST_CASE("a descriptor's close comes before the accept that got its number back") {
  TraceFile file;
  file.add(call("accept", 1, 5, 15).returns(7).event());
  file.add(call("close", 2, 10, 20).arguments({7}).event());
  CHECK(sorted(file) == std::vector<std::string>{"running 5 1 accept", "10 2 close", "5 1 accept"});
}

TEST_CASE("a process begins before its calls") {
  TraceFile file;
  file.add(call("send", 1, 30, 40).event());
  file.add({.pid = 1, .tid = 1, .process = 1, .time_ns = 5, .what = ProcessBeginEvent{}});
  CHECK(sorted(file) == std::vector<std::string>{"5 1 process", "30 1 send"});
}

TEST_CASE("events of one time keep the order of the file") {
  TraceFile file;
  file.add(call("send", 2, 10, 10).event());
  file.add(call("recv", 1, 10, 10).event());
  CHECK(sorted(file) == std::vector<std::string>{"10 2 send", "10 1 recv"});
}

TEST_CASE("what comes later than the window allows is passed on at once") {
  Order order;
  EventSorter sorter(order);
  const auto add = [&sorter](const Event& event) {
    const auto bytes = encode_record(event);
    sorter.add({{.size = 0, .pid = 1, .tid = event.tid, .process = 1}, bytes});
  };
  add(call("send", 1, 10, 10).event());
  CHECK(order.lines.empty());
  add(call("send", 1, 10 * kSecond, 10 * kSecond).event());
  CHECK(order.lines.size() == 1);
  add(call("recv", 2, 20, 20).event());
  CHECK(order.lines.back() == "20 2 recv");
  sorter.finish();
  CHECK(order.lines.size() == 3);
}

TEST_CASE("a crowded window is shortened rather than grown") {
  Order order;
  EventSorter sorter(order, {.ns = kSecond, .bytes = 1000});
  const Event event = call("send", 1, 10, 10).event();
  const auto bytes = encode_record(event);
  for (int i = 0; i < 100; ++i) sorter.add({{.size = 0, .pid = 1, .tid = 1, .process = 1}, bytes});
  CHECK(order.lines.size() == 100 - 1000 / bytes.size());
}

TEST_CASE("sorting passes over damaged records and counts them as reading does") {
  TraceFile file;
  for (int i = 0; i < 3; ++i) file.add(call("send", 1, 10, 20).event());
  file.set_state(0, 9);
  file.set_kind(1, 200);
  Order order;
  TraceReader reader(file.bytes());
  const ReadReport report = replay_trace(reader, order);
  CHECK(order.lines == std::vector<std::string>{"10 1 send"});
  CHECK(report.malformed == 1);
  CHECK(report.unknown == 1);
}
