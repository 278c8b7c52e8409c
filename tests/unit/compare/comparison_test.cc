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
