// SPDX-License-Identifier: Apache-2.0
#include "samples/exec/transcoder.h"

#include "samples/program.h"
#include "tests/unit/catch2.h"

using namespace wireseam::samples;

namespace {

const std::string kGbk = "a\xc4\xe3\xba\xc3z";  // a, two characters, z
const std::string kUtf8 =
    "a\xe4\xbd\xa0\xe5\xa5\xbd"
    "z";

}  // namespace

TEST_CASE("GBK becomes the same UTF-8 wherever the text is cut") {
  for (size_t first = 0; first <= kGbk.size(); ++first) {
    for (size_t second = first; second <= kGbk.size(); ++second) {
      Transcoder transcoder("gbk", "utf-8");
      std::string text = transcoder.convert(kGbk.substr(0, first));
      text += transcoder.convert(kGbk.substr(first, second - first));
      text += transcoder.convert(kGbk.substr(second));
      text += transcoder.finish();
      CHECK(text == kUtf8);
    }
  }
}

TEST_CASE("a text longer than the conversion's buffer comes whole") {
  std::string gbk;
  std::string utf8;
  for (int i = 0; i < 5000; ++i) {
    gbk += kGbk;
    utf8 += kUtf8;
  }
  CHECK(Transcoder("gbk", "utf-8").convert(gbk) == utf8);
  CHECK(Transcoder("utf-8", "gbk").convert(utf8) == gbk);
}

TEST_CASE("a byte that is no character becomes a question mark and spoils nothing else") {
  Transcoder transcoder("utf-8", "gbk");
  CHECK(transcoder.convert("a\xff" + kUtf8) == "a?" + kGbk);
}

TEST_CASE("a character that the text's end cuts becomes a question mark, once") {
  Transcoder transcoder("gbk", "utf-8");
  CHECK(transcoder.convert("a\xc4") == "a");
  CHECK(transcoder.finish() == "?");
  CHECK(transcoder.finish().empty());
  CHECK(transcoder.convert(kGbk) == kUtf8);
}

TEST_CASE("the end of a text leads back to the initial shift state") {
  Transcoder transcoder("utf-8", "iso-2022-jp");
  const std::string text = transcoder.convert("\xe3\x81\x82");
  CHECK(text + transcoder.finish() == "\x1b$B$\"\x1b(B");
}

TEST_CASE("an unknown encoding is a mistake in usage") {
  CHECK_THROWS_AS(Transcoder("klingon", "utf-8"), UsageError);
}
