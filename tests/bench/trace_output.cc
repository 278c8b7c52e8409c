// SPDX-License-Identifier: Apache-2.0
// What an event costs the collector, as nanoseconds of CPU time: scripts/bench prints it.
//
//   trace_output read    reading a trace file only
//   trace_output text    and printing it as strace does
//   trace_output json    and printing it as JSON Lines
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "tests/unit/trace/event_builder.h"
#include "tests/unit/trace/loopback.h"
#include "tracer/trace/json.h"
#include "tracer/trace/reader.h"
#include "tracer/trace/record.h"
#include "tracer/trace/text_printer.h"
#include "tracer/trace/writer.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

constexpr uint64_t kEvents = 1'000'000;
constexpr uint64_t kConnectionEvents = 100;  // one in so many is an accept or a close
constexpr std::string_view kPayload = "HTTP/1.1 200 OK\r\nContent-Length:";

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

EventBuilder accept_call(uint64_t cookie) {
  SocketIdentity identity{};
  identity.fd = 4;
  identity.domain = AF_INET;
  identity.type = SOCK_STREAM;
  identity.protocol = IPPROTO_TCP;
  identity.cookie = cookie;
  EventBuilder builder("accept");
  builder.arguments({3, kPointer, kPointer}).value(1, loopback(40000)).returns(4);
  builder.before(2, uint32_t{128}).value(2, uint32_t{16}).part(0, BlobPart::Identity, identity);
  return builder;
}

// A server's life: it accepts, receives, sends and closes.
EventBuilder call_number(uint64_t i) {
  const uint64_t step = i % kConnectionEvents;
  if (step == 0) return accept_call(1 + i / kConnectionEvents);
  if (step == kConnectionEvents - 1) return EventBuilder("close").arguments({4});
  EventBuilder builder(i % 2 == 0 ? "send" : "recv");
  builder.arguments({4, kPointer, 4096, MSG_NOSIGNAL}).returns(1500);
  builder.blob(1, BlobPart::Value, kPayload, 0, 1500);
  return builder;
}

std::vector<std::byte> trace_file() {
  std::vector<std::byte> file;
  append_file_header(file, 0);
  for (uint64_t i = 0; i < kEvents; ++i) {
    EventBuilder builder = call_number(i);
    builder.begins(1'700'000'000'000'000'000 + i * 10'000)
        .lasts(5'000)
        .serial(static_cast<uint32_t>(i));
    append_record(file, {.size = 0, .pid = 1000, .tid = 1000, .process = 1},
                  encode_record(builder.event()));
  }
  return file;
}

class NoSink : public EventSink {
  void event(const Event& /*event*/) override {}
};

// Reads all of it through a printer that is emptied as a program would. How many bytes it printed.
template <typename Printer>
size_t print(TraceReader& reader, Printer& printer) {
  struct Drain : EventSink {
    explicit Drain(Printer& to) : printer(to) {}
    void event(const Event& event) override {
      printer.event(event);
      if (printer.text().size() < size_t{64} << 10) return;
      written += printer.text().size();
      printer.clear();
    }
    void finish() override { printer.finish(); }
    Printer& printer;
    size_t written = 0;
  } drain(printer);
  read_trace(reader, drain);
  return drain.written + printer.text().size();
}

size_t run(TraceReader& reader, std::string_view what) {
  if (what == "json") {
    JsonPrinter printer;
    return print(reader, printer);
  }
  if (what == "text") {
    TextPrinter printer(TextOptions{});
    return print(reader, printer);
  }
  NoSink sink;
  read_trace(reader, sink);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what != "read" && what != "text" && what != "json") {
    std::fprintf(stderr, "usage: trace_output read|text|json\n");
    return 2;
  }
  const std::vector<std::byte> file = trace_file();
  TraceReader reader(file);
  const double start = cpu_seconds();
  const size_t bytes = run(reader, what);
  const double per_event = (cpu_seconds() - start) * 1e9 / static_cast<double>(kEvents);
  std::printf("%zu bytes, ns an event: %.1f\n", bytes, per_event);
}
