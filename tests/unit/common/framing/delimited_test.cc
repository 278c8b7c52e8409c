// SPDX-License-Identifier: Apache-2.0
#include "common/framing/delimited.h"

#include "tests/unit/catch2.h"
#include "tests/unit/common/framing/cutting.h"

using namespace wireseam;
using namespace std::string_literals;

TEST_CASE("a line ends with its newline, which its body leaves out") {
  CHECK(cut("line", "hello\nworld") == CutResult(FrameExtent{6, 0, 5}));
  CHECK(cut("line", "hello\r\n") == CutResult(FrameExtent{7, 0, 5}));
  CHECK(cut("line", "\n") == CutResult(FrameExtent{1, 0, 0}));
  CHECK(cut("line", "\r\n") == CutResult(FrameExtent{2, 0, 0}));
  CHECK(cut("line", "a\rb\n") == CutResult(FrameExtent{4, 0, 3}));
}

TEST_CASE("a line without its end needs one byte more at least") {
  CHECK(cut("line", "") == CutResult(NeedMore{1}));
  CHECK(cut("line", "hello\r") == CutResult(NeedMore{7}));
}

TEST_CASE("other delimiters can be named") {
  CHECK(cut("line:end=lf", "a\r\n") == CutResult(FrameExtent{3, 0, 2}));
  CHECK(cut("line:end=crlf", "a\nb\r\n") == CutResult(FrameExtent{5, 0, 3}));
  CHECK(cut("line:end=nul", "a\n\0b"s) == CutResult(FrameExtent{3, 0, 2}));
}

TEST_CASE("a line may be as long as max, delimiter included") {
  CHECK(cut("line:max=3", "ab\n") == CutResult(FrameExtent{3, 0, 2}));
  CHECK(cut("line:max=3", "ab") == CutResult(NeedMore{3}));
  CHECK(flaw_of(cut("line:max=3", "abc")) == "no delimiter within 3 bytes");
  CHECK(flaw_of(cut("line:max=3", "abc\n")) == "no delimiter within 3 bytes");
}

TEST_CASE("a delimiter is found where it began in bytes that were seen before") {
  const Framing framing = parse_framing("line:end=crlf");
  const std::string window = "ab\r\n";
  for (uint64_t seen = 0; seen < window.size(); ++seen)
    CHECK(framing.cut(bytes_of(window), Place::Middle, seen) == CutResult(FrameExtent{4, 0, 2}));
}
