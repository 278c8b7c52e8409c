// SPDX-License-Identifier: Apache-2.0
// The shared region belongs to the traced program (docs/trust.md): whatever it writes there, the
// collector neither crashes, hangs nor looks elsewhere, and says that the trace was damaged.
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "common/error.h"
#include "tests/unit/catch2.h"
#include "tests/unit/collect/scribbler.h"
#include "tracer/collect/collector.h"
#include "tracer/collect/collector_life.h"
#include "tracer/trace/event_sorter.h"
#include "tracer/trace/json.h"
#include "tracer/trace/text_printer.h"
#include "tracer/trace/writer.h"

using namespace wireseam;
using test::OpenedRegion;
using Clock = std::chrono::steady_clock;

namespace {

// Prints all, and keeps what would be an attack on a terminal.
class Printed : public EventSink {
 public:
  void event(const Event& event) override {
    ++events;
    text_.event(event);
    json_.event(event);
    look();
  }
  void running(const Event& event) override {
    text_.running(event);
    look();
  }
  void idle() override {
    text_.idle();
    look();
  }
  void finish() override {
    text_.finish();
    look();
  }

  size_t events = 0;
  size_t controls = 0;

 private:
  static bool is_control(char c) { return (c >= 0 && c < ' ' && c != '\n') || c == 0x7f; }
  void look() {
    controls += static_cast<size_t>(std::ranges::count_if(text_.text(), is_control));
    controls += static_cast<size_t>(std::ranges::count_if(json_.text(), is_control));
    text_.clear();
    json_.clear();
  }

  TextPrinter text_{TextOptions{}};
  JsonPrinter json_{{}};
};

struct Tracing {
  Tracing() : file(memfd_create("trace", MFD_CLOEXEC)), writer(Fd(dup(file.get())), "trace", 0) {}

  CollectorOutputs outputs() {
    CollectorOutputs outputs;
    outputs.sink = &printed;
    outputs.file = &writer;
    outputs.callers = true;
    outputs.damaged = [this](const std::string& what) { damages.push_back(what); };
    return outputs;
  }

  void drain_until(Collector& collector, const std::function<bool()>& condition) {
    const auto end = Clock::now() + std::chrono::seconds(30);
    while (!condition() && Clock::now() < end) {
      collector.drain();
      collector.wait(1'000'000);
    }
  }

  Printed printed;
  Fd file;
  TraceWriter writer;
  std::vector<std::string> damages;
};

// More are for a longer search, by hand.
uint32_t seeds() {
  const char* wanted = std::getenv("WIRESEAM_SEEDS");
  return wanted == nullptr ? 6 : static_cast<uint32_t>(std::atoi(wanted));
}

RegionOptions small_region() {
  RegionOptions options;
  options.chunks = 16;
  options.max_chunks = 64;
  return options;
}

}  // namespace

TEST_CASE("a program that scribbles over the region neither harms nor holds the collector") {
  const uint32_t seed = GENERATE(range(1u, 1 + seeds()));
  CAPTURE(seed);
  Tracing tracing;
  {
    Collector collector(small_region(), tracing.outputs());
    test::Scribbler scribbler(collector.region_path(), seed);
    collector.set_program(scribbler.pid());
    const auto end = Clock::now() + std::chrono::milliseconds(300);
    tracing.drain_until(collector, [&] { return Clock::now() > end && !tracing.damages.empty(); });
    scribbler.kill();
    // Nothing that it made up is waited for.
    tracing.drain_until(collector, [&] { return collector.running_processes() == 0; });
    CHECK(collector.running_processes() == 0);
    collector.finish();
  }
  CHECK(tracing.damages.size() == 1);
  CHECK(tracing.printed.events > 1);
  CHECK(tracing.printed.controls == 0);
  lseek(tracing.file.get(), 0, SEEK_SET);
  TraceReader reader(Fd(dup(tracing.file.get())), "trace");
  Printed read;
  replay_trace(reader, read);
  CHECK(read.controls == 0);
}

TEST_CASE("a call of a process that is not traced is not believed") {
  const pid_t stranger = test::fork_running([] {});
  // The kernel counts the beginnings of processes in hundredths of a second.
  usleep(50'000);
  Tracing tracing;
  {
    Collector collector(small_region(), tracing.outputs());
    const OpenedRegion region(collector.region_path());
    const auto pid = static_cast<uint32_t>(stranger);
    region.take(0, pid, pid);
    auto* call = reinterpret_cast<CallRecord*>(region.chunk(0) + sizeof(ChunkHeader));
    call->call = CallNumber::connect;
    call->head.store(record_head(sizeof *call, RecordKind::Call, RecordState::Done));
    collector.drain();
    CHECK(tracing.damages == std::vector{"it made up calls of process " + std::to_string(pid) +
                                         ", which is not traced"});
    CHECK(collector.running_processes() == 0);
    collector.finish();
  }
  CHECK(tracing.printed.events == 1);  // that of the damage
  test::kill_and_reap(stranger);
}

TEST_CASE("what the region says of its size does not count") {
  Tracing tracing;
  Collector collector(small_region(), tracing.outputs());
  const OpenedRegion region(collector.region_path());
  region.header().chunk_count = UINT32_MAX;
  for (uint32_t chunk = 0; chunk < kMostChunks; ++chunk) region.owners()[chunk] = 1;
  for (int i = 0; i < 20; ++i) collector.drain();
  CHECK(tracing.damages == std::vector<std::string>{"it changed what the shim only reads"});
  CHECK(region.header().chunk_count <= 64);
}

TEST_CASE("the region can't be made shorter, so nobody dies of SIGBUS") {
  Tracing tracing;
  const Collector collector(small_region(), tracing.outputs());
  const OpenedRegion region(collector.region_path());
  CHECK(ftruncate(region.fd(), 0) != 0);
  CHECK(ftruncate(region.fd(), 1 << 30) != 0);
}

TEST_CASE("what lies around the collector's word is never followed as a pointer") {
  Tracing tracing;
  {
    const Collector collector(small_region(), tracing.outputs());
    const OpenedRegion region(collector.region_path());
    std::memset(region.bytes(), 0x41, sizeof(RegionHeader));
  }
  SUCCEED("it ended without a fault");
}

TEST_CASE("the kernel says in the region that the collector was killed, before anybody reaps it") {
  void* page = mmap(nullptr, kChunkSize, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(page != MAP_FAILED);
  auto* word = new (page) std::atomic<uint32_t>(0);
  const pid_t pid = test::fork_running([word] { new CollectorLife(*word); });
  while (word->load() == 0) usleep(100);
  CHECK(word->load() == static_cast<uint32_t>(pid));
  kill(pid, SIGKILL);
  siginfo_t child{};
  CHECK(waitid(P_PID, static_cast<id_t>(pid), &child, WEXITED | WNOWAIT) == 0);
  CHECK((word->load() & FUTEX_OWNER_DIED) != 0);
  test::kill_and_reap(pid);
  munmap(page, kChunkSize);
}

TEST_CASE("a word that another has written is put right, and said to be damaged") {
  std::atomic<uint32_t> word = 0;
  CollectorLife life(word);
  CHECK(life.is_intact());
  word = 7;
  CHECK_FALSE(life.is_intact());
  CHECK(word == static_cast<uint32_t>(gettid()));
}
