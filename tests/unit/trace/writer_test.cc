// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/writer.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "common/error.h"
#include "tests/unit/catch2.h"
#include "tests/unit/trace/trace_file.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

Event lost_event(uint64_t time) {
  return {.pid = 1, .tid = 1, .process = 1, .time_ns = time, .what = LostEvent{time}};
}

std::vector<std::string> lines_of(std::span<const std::byte> bytes) {
  EventLog log;
  TraceReader reader(bytes);
  read_trace(reader, log);
  return log.lines;
}

}  // namespace

TEST_CASE("what a writer has flushed, a reader reads") {
  Fd file(::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  Fd again(::dup(file.get()));
  TraceWriter writer(std::move(file), "calls.wst", 1000);
  writer.append_symbol(1, 1, 0xabc, "/bin/server", "main");
  CallEvent call;
  call.number = CallNumber::listen;
  call.caller.address = 0xabc;
  writer.append({.pid = 1, .tid = 2, .process = 1, .time_ns = 9, .what = call});
  writer.flush();
  CHECK(writer.unwritten_bytes() == 0);
  REQUIRE(::lseek(again.get(), 0, SEEK_SET) == 0);
  TraceReader reader(std::move(again), "calls.wst");
  CHECK(reader.started_ns() == 1000);
  EventLog log;
  read_trace(reader, log);
  CHECK(log.lines ==
        std::vector<std::string>{
            "9 1/1/2 listen 0 0 0 0 0 0 = 0 errno 0 after 0 from /bin/server:main", "finish"});
}

TEST_CASE("a full disk is an error that names the file, and nothing is lost by it") {
  Fd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  TraceWriter writer(std::move(full), "calls.wst", 0);
  writer.append(lost_event(5));
  const size_t held = writer.unwritten_bytes();
  CHECK_THROWS_WITH(writer.flush(), "cannot write trace 'calls.wst': No space left on device");
  CHECK(writer.unwritten_bytes() == held);
}

TEST_CASE("a flush that stopped inside a record goes on from there") {
  std::array<int, 2> pair{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair.data()) == 0);
  const int small = 4096;
  REQUIRE(::setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof small) == 0);
  Fd peer{pair[1]};
  TraceWriter writer(Fd{pair[0]}, "calls.wst", 0);
  std::vector<std::byte> received(size_t{1} << 20);
  size_t have = 0;
  const auto drain = [&] {
    for (;;) {
      const ssize_t count = ::read(peer.get(), received.data() + have, received.size() - have);
      if (count <= 0) return;
      have += static_cast<size_t>(count);
    }
  };
  const uint64_t events = 5000;
  for (uint64_t i = 1; i <= events; ++i) writer.append(lost_event(i));
  int failures = 0;
  while (writer.unwritten_bytes() > 0) {
    try {
      writer.flush();
    } catch (const Error&) {
      ++failures;
    }
    drain();
  }
  CHECK(failures > 0);
  CHECK(writer.written_bytes() == have);
  const auto lines = lines_of(std::span(received).first(have));
  REQUIRE(lines.size() == events + 1);
  CHECK(lines[events - 1] == "5000 1/1/1 lost 5000");
}

TEST_CASE("a long trace reaches the file before it is flushed") {
  Fd file(::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  TraceWriter writer(std::move(file), "calls.wst", 0);
  for (uint64_t i = 0; i < 20000; ++i) writer.append(lost_event(i));
  CHECK(writer.written_bytes() > 0);
  CHECK(writer.unwritten_bytes() < size_t{512} << 10);
}
