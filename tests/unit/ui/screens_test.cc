// SPDX-License-Identifier: Apache-2.0
// The screens of a small capture. The golden files are reviewed like code; WIRESEAM_WRITE_GOLDEN=1
// writes them anew.
#include <random>

#include "tests/unit/catch2.h"
#include "tests/unit/ui/playing.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

struct Scene {
  const char* name;
  const char* keys;
};

constexpr Scene kScenes[] = {
    {"connections", ""}, {"ladder", "Enter"}, {"seams", "Enter 3"}, {"frames", "4 j"},
    {"packets", "5 e"},  {"calls", "6"},      {"messages", "7"},    {"help", "?"},
};

std::string screen_of(const Scene& scene, Size size) {
  Playing playing(size);
  converse(playing.exchange);
  playing.exchange.finish("'small.pcap' ends early, after packet 12: truncated");
  playing.session.end();
  playing.press(scene.keys);
  return playing.screen();
}

}  // namespace

TEST_CASE("each screen is as it was reviewed, at 80x24, at 132x43 and at 40x12") {
  for (const Scene& scene : kScenes) {
    for (const Size size : {Size{24, 80}, Size{43, 132}, Size{12, 40}}) {
      const std::string name = std::string(scene.name) + "-" + std::to_string(size.columns) + "x" +
                               std::to_string(size.rows) + ".txt";
      INFO(name);
      const std::string text = screen_of(scene, size);
      CHECK(text == golden(name, text));
    }
  }
}

TEST_CASE("a screen that is too small says so") {
  Playing playing({5, 20});
  converse(playing.exchange);
  CHECK(playing.screen() == "20x5 is too small:\n40x12 is needed\n\n\n\n");
}

TEST_CASE("without Unicode all that is drawn is ASCII") {
  for (const Scene& scene : kScenes) {
    Playing playing({24, 80}, size_t{1} << 30, Charset::Ascii);
    converse(playing.exchange);
    playing.press(scene.keys);
    for (const char c : playing.screen()) REQUIRE(static_cast<unsigned char>(c) < 0x80);
  }
}

TEST_CASE("what a peer sends never reaches a cell as a control") {
  for (const Scene& scene : kScenes) {
    Playing playing({43, 132});
    converse(playing.exchange);
    playing.press(scene.keys);
    const Canvas canvas = playing.canvas();
    for (int row = 0; row < canvas.size().rows; ++row) {
      for (int column = 0; column < canvas.size().columns; ++column) {
        const char32_t glyph = canvas.at(row, column).glyph;
        REQUIRE((glyph == 0 || (glyph >= 0x20 && (glyph < 0x7f || glyph > 0x9f))));
      }
    }
  }
}

TEST_CASE("any keys at any size leave the screen whole") {
  std::mt19937 random(7);
  const auto below = [&](size_t limit) { return static_cast<int>(random() % limit); };
  for (int round = 0; round < 40; ++round) {
    Playing playing({below(50), below(150)}, size_t{1} << (10 + below(20)));
    converse(playing.exchange);
    for (int step = 0; step < 60; ++step) {
      const auto rows = action_rows();
      const ActionRow& row = rows[static_cast<size_t>(below(rows.size()))];
      const std::string_view key = row.keys.substr(0, row.keys.find(' '));
      if (row.action) playing.press(key);
      if (step % 7 == 0) playing.size = {below(50), below(150)};
      if (step % 9 == 0) playing.exchange.datagram("more");
      const Canvas canvas = playing.canvas();
      REQUIRE(canvas.size() == playing.size);
    }
  }
}
