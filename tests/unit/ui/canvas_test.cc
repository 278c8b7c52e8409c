// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/canvas.h"

#include <clocale>

#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

std::string written(std::string_view text, int columns, Charset charset = Charset::Unicode) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  Canvas canvas({1, columns}, charset);
  Area(canvas).write(0, 0, text);
  return canvas.text();
}

}  // namespace

TEST_CASE("text is cut off at the edge") { CHECK(written("abcdef", 4) == "abcd\n"); }

TEST_CASE("a wide character takes two columns, and half of one is never drawn") {
  CHECK(written("漢字", 4) == "漢字\n");
  CHECK(written("漢字", 3) == "漢\n");
  CHECK(written("a漢", 2) == "a\n");
}

TEST_CASE("of what lies aside the rest is written, and half of a wide character is a space") {
  const auto rest = [](std::string_view text, int skip) {
    Canvas canvas({1, 6}, Charset::Unicode);
    Area(canvas).write(0, 0, text, Style::Plain, skip);
    return canvas.text();
  };
  std::setlocale(LC_CTYPE, "C.UTF-8");
  CHECK(rest("abcdef", 2) == "cdef\n");
  CHECK(rest("abcdef", 9) == "\n");
  CHECK(rest("漢字", 2) == "字\n");
  CHECK(rest("漢字", 1) == " 字\n");
  CHECK(rest("\033[2J", 1) == "x1b[2J\n");
}

TEST_CASE("what is written over half of a wide character takes the other half away") {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  Canvas canvas({1, 4}, Charset::Unicode);
  Area(canvas).write(0, 0, "漢字");
  Area(canvas).put(0, 1, U'x');
  CHECK(canvas.text() == " x字\n");
}

TEST_CASE("controls, escapes, invalid UTF-8 and what turns the writing are escaped") {
  CHECK(written("a\033[2Jb", 20) == "a\\x1b[2Jb\n");
  CHECK(written("\xc2\x9b", 20) == "\\xc2\\x9b\n");
  CHECK(written("\xff", 20) == "\\xff\n");
  CHECK(written("\xe2\x80\xae", 20) == "\\xe2\\x80\\xae\n");
  CHECK(written("\xe2\x80\x8b", 20) == "\\xe2\\x80\\x8b\n");  // of no width
}

TEST_CASE("without Unicode characters beyond ASCII are escaped") {
  CHECK(written("ä", 20, Charset::Ascii) == "\\xc3\\xa4\n");
}

TEST_CASE("an area clips to its part of the canvas") {
  Canvas canvas({3, 6}, Charset::Ascii);
  const Area part = Area(canvas).part({1, 2, {1, 3}});
  part.write(0, 0, "abcdef");
  part.write(1, 0, "below");
  part.write(-1, 0, "above");
  part.put(0, 5, U'x');
  CHECK(canvas.text() == "\n  abc\n\n");
}
