// SPDX-License-Identifier: Apache-2.0
#include "inspector/report/lane_picture.h"

#include <sstream>

#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

std::string drawn(const LanePicture& picture, size_t width = 79) {
  std::string text;
  picture.append_to(text, width);
  return text;
}

}  // namespace

TEST_CASE("Edges at the same byte stand below each other") {
  LanePicture picture;
  picture.add(LaneName::Sends, {0, 4}, "4");
  picture.add(LaneName::Sends, {4, 45}, "41");
  picture.add(LaneName::Segments, {0, 45}, "#7");
  picture.add(LaneName::Frames, {0, 45}, "1");
  picture.add(LaneName::Receives, {0, 20}, "20");
  picture.add(LaneName::Receives, {20, 45}, "25");
  CHECK(drawn(picture) ==
        "  bytes      0  4 20  45\n"
        "  sends      |4 |41   |\n"
        "  segments   |#7      |\n"
        "  frames     |1       |\n"
        "  receives   |20  |25 |\n");
}

TEST_CASE("A lane without anything says so, and no lanes make no picture") {
  LanePicture picture;
  CHECK(drawn(picture).empty());
  picture.add(LaneName::Sends, {0, 5}, "5");
  CHECK(drawn(picture) ==
        "  bytes      0  5\n"
        "  sends      |5 |\n"
        "  segments   -\n"
        "  frames     -\n"
        "  receives   -\n");
}

TEST_CASE("A picture keeps to its width whatever is in it") {
  LanePicture picture;
  for (uint64_t i = 0; i < 100; ++i) {
    picture.add(LaneName::Sends, {i * 1000, i * 1000 + 1000}, "1000");
    picture.add(LaneName::Receives, {i * 1500, i * 1500 + 1500}, "1500");
  }
  for (size_t width = 20; width < 100; ++width) {
    std::istringstream lines(drawn(picture, width));
    for (std::string line; std::getline(lines, line);) CHECK(line.size() <= width);
  }
  CHECK(drawn(picture).find("...") != std::string::npos);
}
