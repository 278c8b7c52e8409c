// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/log_merge.h"

#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

using Lines = std::vector<std::string>;

// "TID: LINE" in the order in which they come.
Lines merged(LogMerge& merge) {
  Lines lines;
  merge.read([&](std::string_view line, std::optional<uint32_t> tid) {
    lines.push_back(std::to_string(tid.value_or(0)) + ": " + std::string(line));
  });
  return lines;
}

}  // namespace

TEST_CASE("the name of a thread's file ends with its number") {
  CHECK(thread_of_file("log.1234") == 1234);
  CHECK(thread_of_file("a.b/log.7") == 7);
  CHECK(thread_of_file("log") == std::nullopt);
  CHECK(thread_of_file("log.txt") == std::nullopt);
  CHECK(thread_of_file("log.0") == std::nullopt);
}

TEST_CASE("lines of several files come in the order of their times") {
  LogMerge merge;
  merge.add("10:00:01 fork() = 8\n10:00:04 close(3) = 0\n", 7);
  merge.add("10:00:02 close(4) = 0\n10:00:03 close(5) = 0", 8);
  CHECK(merged(merge) == Lines{"7: 10:00:01 fork() = 8", "8: 10:00:02 close(4) = 0",
                               "8: 10:00:03 close(5) = 0", "7: 10:00:04 close(3) = 0"});
}

TEST_CASE("at the same time, and without times, the lower thread comes first") {
  LogMerge merge;
  merge.add("close(4) = 0\n", 8);
  merge.add("fork() = 8\nclose(3) = 0\n", 7);
  merge.add("", 9);
  CHECK(merged(merge) == Lines{"7: fork() = 8", "7: close(3) = 0", "8: close(4) = 0"});
}
