// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/timeline.h"

#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

void add(Timeline& timeline, uint64_t start, std::string_view record) {
  timeline.add(start, Timeline::Stage::Complete, 1, {}, std::as_bytes(std::span(record)));
}

std::vector<std::string> take(Timeline& timeline, uint64_t horizon) {
  std::vector<std::string> records;
  for (const auto& item : timeline.up_to(horizon)) {
    const auto bytes = timeline.bytes(item);
    records.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  timeline.drop();
  return records;
}

using Records = std::vector<std::string>;

}  // namespace

TEST_CASE("records of several threads come in the order of their beginnings") {
  Timeline timeline;
  add(timeline, 30, "c");
  add(timeline, 10, "a");
  add(timeline, 20, "b");
  CHECK(take(timeline, 100) == Records{"a", "b", "c"});
  CHECK(timeline.empty());
}

TEST_CASE("what began after the horizon waits for something earlier") {
  Timeline timeline;
  add(timeline, 30, "late");
  add(timeline, 10, "early");
  CHECK(take(timeline, 20) == Records{"early"});
  add(timeline, 25, "between");
  CHECK(take(timeline, 100) == Records{"between", "late"});
}

TEST_CASE("records that began at the same time keep their order") {
  Timeline timeline;
  for (const char* record : {"a", "b", "c", "d"}) add(timeline, 7, record);
  CHECK(take(timeline, 7) == Records{"a", "b", "c", "d"});
}

TEST_CASE("a record can be lengthened right after it was added") {
  Timeline timeline;
  add(timeline, 1, "call");
  timeline.extend(std::as_bytes(std::span(std::string_view("+blobs"))));
  CHECK(take(timeline, 1) == Records{"call+blobs"});
}
