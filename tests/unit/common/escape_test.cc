// SPDX-License-Identifier: Apache-2.0
#include "common/escape.h"

#include "tests/unit/catch2.h"

namespace {

std::string escaped(std::string_view text, size_t limit = 1000) {
  std::string out;
  wireseam::append_escaped(out, text, limit);
  return out;
}

}  // namespace

TEST_CASE("text for a terminal keeps what can be shown") {
  CHECK(escaped("plain \"text\" \\ \xc3\xa4 \xe4\xb8\xad") ==
        "plain \"text\" \\ \xc3\xa4 \xe4\xb8\xad");
}

TEST_CASE("text for a terminal has no character that does something to it") {
  CHECK(escaped("\x1b[31m\a\n\x7f") == "\\x1b[31m\\x07\\x0a\\x7f");
  CHECK(escaped("\xc2\x9b"
                "31m") == "\\xc2\\x9b31m");             // C1: CSI
  CHECK(escaped("\xe2\x80\xae") == "\\xe2\\x80\\xae");  // turns the direction of writing
}

TEST_CASE("bytes that are no UTF-8 are shown as such") {
  CHECK(escaped("a\xff\xc3z") == "a\\xff\\xc3z");
}

TEST_CASE("a long text is cut between characters") {
  CHECK(escaped("abcdef", 3) == "abc...");
  CHECK(escaped("ab\xe4\xb8\xadz", 4) == "ab...");
  CHECK(escaped("abc", 3) == "abc");
}
