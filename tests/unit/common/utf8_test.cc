// SPDX-License-Identifier: Apache-2.0
#include "common/utf8.h"

#include <string>

#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

// "U+HEX/SIZE" or "none".
std::string front(std::string_view text) {
  const auto point = decode_utf8(text);
  if (!point) return "none";
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "U+%X/%zu", static_cast<unsigned>(point->value),
                point->size);
  return buffer;
}

}  // namespace

TEST_CASE("a code point is as long as its value needs") {
  CHECK(front("a") == "U+61/1");
  CHECK(front("\xc3\xa9x") == "U+E9/2");
  CHECK(front("\xe2\x82\xac") == "U+20AC/3");
  CHECK(front("\xf0\x9f\x98\x80") == "U+1F600/4");
  CHECK(front("\xf4\x8f\xbf\xbf") == "U+10FFFF/4");
  CHECK(front(std::string_view("\0", 1)) == "U+0/1");
}

TEST_CASE("what is no UTF-8 has no code point") {
  CHECK(front("") == "none");
  CHECK(front("\x80") == "none");              // continuation without lead
  CHECK(front("\xc3") == "none");              // cut
  CHECK(front("\xe2\x82") == "none");          // cut
  CHECK(front("\xc3x") == "none");             // lead without continuation
  CHECK(front("\xc0\xaf") == "none");          // overlong
  CHECK(front("\xe0\x80\xaf") == "none");      // overlong
  CHECK(front("\xed\xa0\x80") == "none");      // surrogate
  CHECK(front("\xf4\x90\x80\x80") == "none");  // beyond U+10FFFF
  CHECK(front("\xff") == "none");
}

TEST_CASE("controls are what a terminal acts on") {
  for (const char32_t control : {U'\x0', U'\x1b', U'\x7f', U'\x85', U'\x9b', U'\x202e', U'\x2066'})
    CHECK(is_control(control));
  for (const char32_t shown : {U' ', U'~', U'\xa0', U'\x2028', U'\x20ac'})
    CHECK_FALSE(is_control(shown));
}
