// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/comparison.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/unit/catch2.h"
#include "tests/unit/compare/log_text.h"
#include "tests/unit/compare/random_run.h"
#include "tests/unit/trace/json_schema.h"
#include "tracer/compare/call_transcript.h"
#include "tracer/compare/comparison_json.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

Transcript kernel_side(const std::string& text) {
  CallTranscript transcript(View::Syscall, {});
  StraceLog log(transcript, {}, LogCalls::All);
  for (size_t begin = 0; begin < text.size(); begin = text.find('\n', begin) + 1)
    log.add_line(std::string_view(text).substr(begin, text.find('\n', begin) - begin));
  log.finish();
  return transcript.take();
}

// Of functions that are called as their system calls are.
Transcript libc_side(const std::string& text) {
  Transcript transcript = kernel_side(text);
  for (ComparedThread& thread : transcript.threads)
    for (ComparedCall& call : thread.calls) call.syscall = call.text;
  return transcript;
}

// By libc call: its system calls.
std::vector<std::vector<size_t>> found_pairs(const ThreadComparison& thread) {
  std::vector<std::vector<size_t>> pairs;
  for (const ComparedRow& row : thread.rows)
    if (row.libc) pairs.push_back(row.syscalls);
  return pairs;
}

// What stands in the rows that nothing explains.
std::vector<std::string> unexplained(const Comparison& comparison) {
  std::vector<std::string> rows;
  for (const ThreadComparison& thread : comparison.threads) {
    for (const ComparedRow& row : thread.rows) {
      if (row.verdict != Verdict::Unexplained) continue;
      std::string text = row.libc ? thread.libc.calls[*row.libc].text : "-";
      for (const size_t syscall : row.syscalls) text += " | " + thread.kernel.calls[syscall].text;
      rows.push_back(text + " | " + row.words);
    }
  }
  return rows;
}

}  // namespace

TEST_CASE("random runs of many threads are paired as they were made") {
  for (const LogTimes times : {LogTimes::None, LogTimes::SinceEpoch}) {
    for (uint32_t seed = 1; seed <= 30; ++seed) {
      const RandomRun run = random_run(seed, 1 + seed % 20, 30, times);
      const Comparison comparison = compare(run.libc, kernel_side(run.log), {});
      CAPTURE(seed, times == LogTimes::None);
      CHECK(unexplained(comparison) == std::vector<std::string>{});
      REQUIRE(comparison.threads.size() == run.threads.size());
      for (const RandomRun::Thread& thread : run.threads) {
        const auto found =
            std::ranges::find(comparison.threads, thread.tid, &ThreadComparison::tid);
        REQUIRE(found != comparison.threads.end());
        REQUIRE(found_pairs(*found) == thread.pairs);
      }
    }
  }
}

TEST_CASE("a thousand threads are paired each for itself") {
  const RandomRun run = random_run(7, 1000, 10, LogTimes::None);
  const Comparison comparison = compare(run.libc, kernel_side(run.log), {});
  CHECK(comparison.threads.size() == 1000);
  CHECK(unexplained(comparison) == std::vector<std::string>{});
}

TEST_CASE("what the shim asks before a close is known without addresses") {
  const std::string opened = "7 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3\n";
  const std::string asked = "7 ioctl(3, FIONREAD, [0]) = 0\n";
  const std::string refused = "7 ioctl(3, FIONREAD, 0x7ffc0) = -1 EINVAL (Invalid argument)\n";
  const std::string sent = "7 sendto(3, \"a\", 1, 0, NULL, 0) = 1\n";
  const std::string closed = "7 close(3) = 0\n";
  const auto unexplained_of = [](const std::string& libc, const std::string& kernel) {
    return unexplained(compare(libc_side(libc), kernel_side(kernel), {})).size();
  };
  CHECK(unexplained_of(opened + closed, opened + asked + closed) == 0);
  CHECK(unexplained_of(opened + closed, opened + refused + closed) == 0);
  // The program's own question stays its own, whether or not the shim asked, too.
  CHECK(unexplained_of(opened + asked + closed, opened + asked + asked + closed) == 0);
  CHECK(unexplained_of(opened + asked + closed, opened + asked + closed) == 0);
  CHECK(unexplained_of(opened + closed, opened + asked + asked + closed) == 1);
  CHECK(unexplained_of(opened + sent + closed, opened + asked + sent + closed) == 1);
  CHECK(unexplained_of(opened + sent, opened + sent + asked) == 1);
}

TEST_CASE("a comparison becomes JSON that keeps to the schema") {
  std::ifstream file(WIRESEAM_SOURCE_DIR "/docs/json-schema/compare.schema.json");
  const auto schema = nlohmann::json::parse(file);
  const RandomRun run = random_run(3, 4, 20, LogTimes::SinceEpoch);
  Comparison comparison = compare(run.libc, kernel_side(run.log), {});
  ThreadComparison& thread = comparison.threads.front();
  thread.kernel.operations.push_back(
      {.file = "/no/such/echo.py", .line = 12, .name = "socket.send"});
  thread.rows.front().operation = 0;
  std::istringstream lines(comparison_json(comparison, {}));
  size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count)
    CHECK(schema_violation(schema, nlohmann::json::parse(line)) == "");
  CHECK(count > 80);
}
