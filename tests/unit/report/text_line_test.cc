// SPDX-License-Identifier: Apache-2.0
#include "inspector/report/text_line.h"

#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

const std::string kBelow(TextLine::kBelow);

std::string line_of(const std::string& begin, const std::vector<std::string>& parts,
                    Paint::Colors colors = Paint::Colors::None) {
  std::string out;
  const Paint paint(colors);
  {
    TextLine line(out, paint);
    line.add(Ink::Note, begin);
    for (const std::string& part : parts) line.add_part(part);
  }
  return out;
}

std::string below(std::string_view text) {
  std::string out;
  append_below(out, text);
  return out;
}

}  // namespace

TEST_CASE("parts stand on one line of 80 columns where they fit, else below") {
  const std::string begin(70, 'x');
  CHECK(line_of(begin, {"123456789"}) == begin + " 123456789\n");
  CHECK(line_of(begin, {"1234567890", "more"}) == begin + "\n" + kBelow + "1234567890 more\n");
}

TEST_CASE("colours take no room on a line") {
  const std::string begin(70, 'x');
  CHECK_THAT(line_of(begin, {"123456789"}, Paint::Colors::Ansi),
             Catch::Matchers::EndsWith(" 123456789\n"));
}

TEST_CASE("a long text is broken at blanks, and a long word is not") {
  const std::string word(60, 'a');
  const std::string long_word(100, 'b');
  CHECK(below("") == "");
  CHECK(below("a b") == kBelow + "a b\n");
  CHECK(below(word + " b c " + word) == kBelow + word + " b c\n" + kBelow + word + "\n");
  CHECK(below(long_word + " c") == kBelow + long_word + "\n" + kBelow + "c\n");
}
