// SPDX-License-Identifier: Apache-2.0
#include "samples/lines.h"

#include <vector>

#include "tests/unit/catch2.h"

using namespace wireseam::samples;

namespace {

std::vector<std::string> all_of(Lines& lines) {
  std::vector<std::string> all;
  while (auto line = lines.next()) all.push_back(*line);
  return all;
}

}  // namespace

TEST_CASE("lines come out whole, wherever the stream was cut") {
  const std::string text = "one\n\nthree\nfo";
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    Lines lines;
    lines.add(text.substr(0, cut));
    std::vector<std::string> got = all_of(lines);
    lines.add(text.substr(cut));
    for (const std::string& line : all_of(lines)) got.push_back(line);
    CHECK(got == std::vector<std::string>{"one", "", "three"});
    CHECK(lines.rest() == "fo");
  }
}

TEST_CASE("a rest that was taken is not part of the next line") {
  Lines lines;
  lines.add("no newline");
  CHECK(all_of(lines).empty());
  CHECK(lines.take_rest() == "no newline");
  lines.add("a\n");
  CHECK(all_of(lines) == std::vector<std::string>{"a"});
}
