// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <random>
#include <string>

#include "common/error.h"
#include "tests/unit/catch2.h"
#include "tests/unit/trace/trace_file.h"
#include "tracer/trace/record.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

Event call_event(uint64_t time, CallNumber number, std::span<const std::byte> blobs = {}) {
  CallEvent call;
  call.number = number;
  call.serial = 7;
  call.result = 5;
  call.duration_ns = 30;
  call.blobs = Blobs(blobs);
  call.arguments = {4, 2, 3, 0, 0, 6};
  call.caller.address = 0xabc;
  return {.pid = 10, .tid = 11, .process = 1, .time_ns = time, .what = call};
}

Event begin_event(std::string_view name) {
  return {.pid = 10,
          .tid = 10,
          .process = 1,
          .time_ns = 5,
          .what = ProcessBeginEvent{ProcessCause::Fork, 9, 1000, name}};
}

const std::string kSend = "20 1/10/11 send 4 2 3 0 0 6 = 5 errno 0 after 30";

// Three calls at 20, each as long as the others.
TraceFile three_calls() {
  TraceFile file;
  for (int i = 0; i < 3; ++i) file.add(call_event(20, CallNumber::send));
  return file;
}

std::string complaint(const TraceFile& file) {
  try {
    const TraceReader reader(file.bytes());
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

// A file without a name that holds these bytes.
Fd file_with(std::span<const std::byte> bytes) {
  Fd file(::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  REQUIRE(::write(file.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  REQUIRE(::lseek(file.get(), 0, SEEK_SET) == 0);
  return file;
}

}  // namespace

TEST_CASE("every kind of event comes back from a trace file as it went in") {
  TraceFile file;
  file.add(begin_event("server"));
  file.add(call_event(20, CallNumber::send));
  file.add({.pid = 10, .tid = 10, .process = 1, .time_ns = 60, .what = LostEvent{3}});
  file.add({.pid = 10, .tid = 10, .process = 1, .time_ns = 70, .what = ProcessEndEvent{0x0100}});
  UnseenSocketEvent socket{.since_ns = 75, .until_ns = 79};
  socket.identity.inode = 7;
  file.add({.pid = 11, .tid = 11, .time_ns = 80, .what = socket});
  CHECK(read_lines(file) ==
        std::vector<std::string>{"5 1/10/10 begin server by 9 cause 1 user 1000", kSend,
                                 "60 1/10/10 lost 3", "70 1/10/10 end 256",
                                 "80 0/11/11 unseen socket 7 since 75 until 79", "finish"});
}

TEST_CASE("a failed call keeps its errno, a call that was cut off says so") {
  TraceFile file;
  Event event = call_event(20, CallNumber::send);
  std::get<CallEvent>(event.what).errnum = 11;
  file.add(event);
  std::get<CallEvent>(event.what).state = CallState::CutOff;
  file.add(event);
  CHECK(read_lines(file) ==
        std::vector<std::string>{"20 1/10/11 send 4 2 3 0 0 6 = 5 errno 11 after 30",
                                 "20 1/10/11 send 4 2 3 0 0 6 = 5 errno 11 after 30 cut off",
                                 "finish"});
}

TEST_CASE("blobs come back with their parameter and bytes") {
  const BlobHeader header{
      .parameter = 1, .part = BlobPart::Value, .index = 0, .stored = 5, .total = 5};
  std::vector<std::byte> blob(sizeof header + 8);
  std::memcpy(blob.data(), &header, sizeof header);
  std::memcpy(blob.data() + sizeof header, "hello", 5);
  TraceFile file;
  file.add(call_event(20, CallNumber::send, blob));
  CHECK(read_lines(file).front() == kSend + " [1]=hello");
}

TEST_CASE("a call's caller is named by the symbols of its own process") {
  TraceFile file;
  file.add_symbol(1, 0xabc, "/bin/server", "main+0x1f");
  file.add_symbol(2, 0xabc, "/bin/other", "other");
  file.add(call_event(20, CallNumber::send));
  CHECK(read_lines(file).front() == kSend + " from /bin/server:main+0x1f");
}

TEST_CASE("symbols of a process that ended long ago are forgotten, those of a living one are not") {
  SymbolTable symbols;
  for (uint32_t process = 1; process <= 1000; ++process) {
    symbols.began(process, process);
    symbols.add(process, 0xabc, "/bin/server", "main");
    if (process > 1) symbols.ended(process, process);
  }
  CHECK(symbols.find(1, 0xabc).symbol == "main");
  CHECK(symbols.find(1000, 0xabc).symbol == "main");
  CHECK(symbols.find(2, 0xabc).symbol.empty());
}

TEST_CASE("a call that a newer version has added keeps its number") {
  TraceFile file;
  file.add(call_event(20, static_cast<CallNumber>(9999)));
  CHECK(read_lines(file).front() == "20 1/10/11 ? 4 2 3 0 0 6 = 5 errno 0 after 30");
}

TEST_CASE("a file that is cut anywhere is read up to its last whole record") {
  const TraceFile whole = three_calls();
  for (size_t size = whole.offset_of(1) + 1; size < whole.size(); ++size) {
    TraceFile file = whole;
    file.shrink_to(size);
    ReadReport report;
    const auto lines = read_lines(file, &report);
    const size_t expected = size >= whole.offset_of(2) ? 2 : 1;
    CHECK(lines.size() == expected + 1);
    const bool at_boundary = size == whole.offset_of(2);
    CHECK((report.end == ReadReport::End::Complete) == at_boundary);
    CHECK(report.end_offset == whole.offset_of(expected));
  }
}

TEST_CASE("a file that ends where a record ends is complete") {
  ReadReport report;
  read_lines(three_calls(), &report);
  CHECK(report.end == ReadReport::End::Complete);
  CHECK(report.records == 3);
  CHECK(to_string(report).empty());
}

TEST_CASE("records of unknown kind are passed over and counted") {
  TraceFile file = three_calls();
  file.set_kind(1, 200);
  ReadReport report;
  CHECK(read_lines(file, &report) == std::vector<std::string>{kSend, kSend, "finish"});
  CHECK(report.unknown == 1);
  CHECK(to_string(report) == "records of unknown kind left out: 1");
}

TEST_CASE("records whose fields do not fit are passed over and counted") {
  TraceFile file = three_calls();
  file.set_state(1, 9);
  file.add_symbol(1, 0xabc, "m", "s");
  file.set_kind(3, 1);
  ReadReport report;
  CHECK(read_lines(file, &report) == std::vector<std::string>{kSend, kSend, "finish"});
  CHECK(report.malformed == 2);
}

TEST_CASE("a record too small to be one ends the reading, as malformed") {
  TraceFile file = three_calls();
  file.set_size(1, 8);
  ReadReport report;
  CHECK(read_lines(file, &report) == std::vector<std::string>{kSend, "finish"});
  CHECK(to_string(report) == "damaged after byte " + std::to_string(file.offset_of(1)));
}

TEST_CASE("a size that promises more than there is costs no memory and reads as truncated") {
  TraceFile file = three_calls();
  file.set_size(1, UINT32_MAX);
  ReadReport report;
  CHECK(read_lines(file, &report).size() == 2);
  CHECK(report.end == ReadReport::End::Truncated);
}

TEST_CASE("what is no trace of this machine is refused with the reason") {
  TraceFile file = three_calls();
  SECTION("other magic") {
    file.set_magic("#!/bin/s");
    CHECK(complaint(file) == "'(memory)' is not a trace file");
  }
  SECTION("newer version") {
    file.set_version(9);
    CHECK(complaint(file) ==
          "'(memory)' was written by a newer wireseam: its format is 9, this one reads up to 1");
  }
  SECTION("other byte order") {
    file.swap_byte_order();
    CHECK(complaint(file) == "'(memory)' was recorded on a machine of the other byte order");
  }
  SECTION("other word size") {
    file.set_word_size(4);
    CHECK(complaint(file) ==
          "'(memory)' was recorded from programs with words of 4 bytes, this wireseam reads 8");
  }
  SECTION("header size that can't be") {
    file.set_header_size(8);
    CHECK(complaint(file) == "'(memory)' has a damaged header");
  }
  SECTION("a few bytes") {
    file.shrink_to(12);
    CHECK(complaint(file) == "'(memory)' is too short for a trace file");
  }
}

TEST_CASE("a longer header of a later minor change is skipped") {
  TraceFile file;
  file.add(call_event(20, CallNumber::send));
  const uint32_t record_size = static_cast<uint32_t>(file.size() - sizeof(TraceFileHeader));
  file.add(call_event(20, CallNumber::send));
  file.set_header_size(sizeof(TraceFileHeader) + record_size);
  CHECK(read_lines(file) == std::vector<std::string>{kSend, "finish"});
}

TEST_CASE("a file on disk reads as the same bytes in memory") {
  TraceFile file;
  std::vector<std::byte> blob(100000);
  const BlobHeader header{
      .parameter = 1, .part = BlobPart::Value, .index = 0, .stored = 99984, .total = 99984};
  std::memcpy(blob.data(), &header, sizeof header);
  for (int i = 0; i < 20; ++i) file.add(call_event(20, CallNumber::send, blob));
  file.shrink_to(file.size() - 1);
  EventLog log;
  TraceReader reader(file_with(file.bytes()), "calls.wst");
  const ReadReport report = read_trace(reader, log);
  CHECK(log.lines == read_lines(file));
  CHECK(report.end == ReadReport::End::Truncated);
  CHECK(report.end_offset == file.offset_of(19));
}

TEST_CASE("a folder in place of a trace file is an error that names it") {
  CHECK_THROWS_WITH(TraceReader(Fd(::open("/tmp", O_RDONLY | O_CLOEXEC)), "/tmp"),
                    "cannot read trace '/tmp': Is a directory");
}

TEST_CASE("random damage never stops the reader from ending") {
  TraceFile whole = three_calls();
  whole.add_symbol(1, 0xabc, "module", "symbol");
  whole.add(begin_event("server"));
  std::minstd_rand random(1);
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::byte> bytes(whole.bytes().begin(), whole.bytes().end());
    for (int i = 0; i < 8; ++i)
      bytes[sizeof(TraceFileHeader) + random() % (bytes.size() - sizeof(TraceFileHeader))] =
          static_cast<std::byte>(random());
    TraceReader reader(bytes);
    EventLog log;
    const ReadReport report = read_trace(reader, log);
    CHECK(report.records <= bytes.size() / sizeof(RecordContext));
    CHECK(log.lines.back() == "finish");
  }
}
