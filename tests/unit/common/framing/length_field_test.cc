// SPDX-License-Identifier: Apache-2.0
#include "common/framing/length_field.h"

#include "common/error.h"
#include "tests/unit/catch2.h"
#include "tests/unit/common/framing/cutting.h"

using namespace wireseam;
using namespace std::string_literals;

namespace {

struct NettyExample {
  std::string framing;
  std::string frame;
  std::string after_decode;
};

}  // namespace

TEST_CASE("every example of Netty's LengthFieldBasedFrameDecoder is cut as documented") {
  const auto example = GENERATE(values<NettyExample>({
      {"lf:offset=0,width=2,adjust=0,strip=0", "\0\x0cHELLO, WORLD"s, "\0\x0cHELLO, WORLD"s},
      {"lf:offset=0,width=2,adjust=0,strip=2", "\0\x0cHELLO, WORLD"s, "HELLO, WORLD"},
      {"lf:offset=0,width=2,adjust=-2,strip=0", "\0\x0eHELLO, WORLD"s, "\0\x0eHELLO, WORLD"s},
      {"lf:offset=2,width=3,adjust=0,strip=0", "\xca\xfe\0\0\x0cHELLO, WORLD"s,
       "\xca\xfe\0\0\x0cHELLO, WORLD"s},
      {"lf:offset=0,width=3,adjust=2,strip=0", "\0\0\x0c\xca\xfeHELLO, WORLD"s,
       "\0\0\x0c\xca\xfeHELLO, WORLD"s},
      {"lf:offset=1,width=2,adjust=1,strip=3", "\xca\0\x0c\xfeHELLO, WORLD"s, "\xfeHELLO, WORLD"},
      {"lf:offset=1,width=2,adjust=-3,strip=3", "\xca\0\x10\xfeHELLO, WORLD"s, "\xfeHELLO, WORLD"},
  }));
  CAPTURE(example.framing);
  const std::string two_frames = example.frame + example.frame;
  const CutResult result = cut(example.framing, two_frames);
  CHECK(std::get<FrameExtent>(result).size == example.frame.size());
  CHECK(body_of(result, two_frames) == example.after_decode);
}

TEST_CASE("a length of any width from 1 to 8 bytes is read in either order") {
  const auto width = GENERATE(range(1, 9));
  const std::string big = std::string(static_cast<size_t>(width - 1), '\0') + "\x05";
  const std::string little(big.rbegin(), big.rend());
  const std::string lf = "lf:width=" + std::to_string(width);
  const auto header = static_cast<uint64_t>(width);
  CHECK(cut(lf, big) == CutResult(FrameExtent{header + 5, header, 5}));
  CHECK(cut(lf + ",order=le", little) == CutResult(FrameExtent{header + 5, header, 5}));
  CHECK(cut(lf, big.substr(1)) == CutResult(NeedMore{header}));
}

TEST_CASE("a len32le frame is known from its four bytes on") {
  CHECK(cut("len32le", "") == CutResult(NeedMore{4}));
  CHECK(cut("len32le", "\x05") == CutResult(NeedMore{4}));
  CHECK(cut("len32le", encode_len32le_header(5)) == CutResult(FrameExtent{9, 4, 5}));
  CHECK(cut("len32le", encode_len32le_header(0)) == CutResult(FrameExtent{4, 4, 0}));
  CHECK(cut("len32le", encode_len32le_header(0x7fffffff)) ==
        CutResult(FrameExtent{0x80000003, 4, 0x7fffffff}));
}

TEST_CASE("a length that no int32 holds is not encoded") {
  CHECK(encode_len32le_header(0x7fffffff) == "\xff\xff\xff\x7f");
  CHECK_THROWS_AS(encode_len32le_header(0x80000000), Error);
}

TEST_CASE("a negative length is malformed where the field is signed or has 8 bytes") {
  CHECK(flaw_of(cut("len32le", "\xff\xff\xff\xff")) == "length -1 is negative");
  CHECK(flaw_of(cut("lf:width=3,sign=signed", "\x80\0\0"s)) == "length -8388608 is negative");
  CHECK(flaw_of(cut("lf:width=8", "\x80\0\0\0\0\0\0\0"s)) ==
        "length -9223372036854775808 is negative");
  CHECK(cut("lf:width=1", "\xff") == CutResult(FrameExtent{256, 1, 255}));
}

TEST_CASE("a frame may be as large as max, and no larger") {
  CHECK(cut("lf:width=2,max=10", "\0\x08"s) == CutResult(FrameExtent{10, 2, 8}));
  CHECK(cut("lf:offset=1,width=2,max=10", "\0\0\x08"s) ==
        CutResult(Malformed{1, Flaw::LengthAboveMax, 8, 10}));
  CHECK(flaw_of(cut("lf:width=4", "\xff\xff\xff\xff")) ==
        "length 4294967295 is too large: a frame has at most 16777216 bytes");
  CHECK(flaw_of(cut("lf:width=8,adjust=2147483647,max=9223372036854775807",
                    "\x7f\xff\xff\xff\xff\xff\xff\xff")) ==
        "length 9223372036854775807 is too large: "
        "a frame has at most 9223372036854775807 bytes");
}

TEST_CASE("a frame that would end before its length or its body is malformed") {
  CHECK(flaw_of(cut("lf:width=2,adjust=-2", "\0\x01"s)) ==
        "length 1 is too small: a frame has at least 2 bytes");
  CHECK(flaw_of(cut("lf:width=2,adjust=-100", "\0\x01"s)) ==
        "length 1 is too small: a frame has at least 2 bytes");
  CHECK(flaw_of(cut("lf:width=1,strip=2,trailer=1", "\x01")) ==
        "length 1 is too small: a frame has at least 3 bytes");
  CHECK(flaw_of(cut("lf:width=1,min=5", "\x03")) ==
        "length 3 is too small: a frame has at least 5 bytes");
}

TEST_CASE("the mask leaves out bits that are not the length's") {
  CHECK(cut("lf:width=4,mask=0x7fffffff", "\x80\0\0\x02"s) == CutResult(FrameExtent{6, 4, 2}));
}

TEST_CASE("where strip is not given the body begins behind the length") {
  CHECK(cut("lf:offset=1,width=2,adjust=1", "\0\0\x05"s) == CutResult(FrameExtent{9, 3, 6}));
}

TEST_CASE("a trailer follows the body and is not part of it") {
  CHECK(cut("lf:width=1,adjust=1,trailer=1", "\x02") == CutResult(FrameExtent{4, 1, 2}));
}

TEST_CASE("a length in digits may be padded with spaces") {
  CHECK(cut("lf:width=4,digits=hex", "00fF") == CutResult(FrameExtent{259, 4, 255}));
  CHECK(cut("lf:width=10,digits=dec", "12        ") == CutResult(FrameExtent{22, 10, 12}));
  CHECK(cut("lf:width=4,digits=dec", "  12") == CutResult(FrameExtent{16, 4, 12}));
  CHECK(cut("lf:width=4,digits=dec", "  1") == CutResult(NeedMore{4}));
}

TEST_CASE("a length that is not in digits is malformed") {
  const auto field = GENERATE("    ", "12x4", "-123", "0x12", "1 23", "+123");
  CAPTURE(field);
  CHECK(cut("lf:width=4,digits=dec", field) == CutResult(Malformed{0, Flaw::LengthNotDigits}));
}

TEST_CASE("digits that stand for more than 64 bits are too large") {
  CHECK(flaw_of(cut("lf:width=20,digits=dec", "99999999999999999999")) ==
        "length 18446744073709551615 is too large: a frame has at most 16777216 bytes");
}

TEST_CASE("a varint length ends with the first byte below 0x80") {
  CHECK(cut("varint", "") == CutResult(NeedMore{1}));
  CHECK(cut("varint", "\0"s) == CutResult(FrameExtent{1, 1, 0}));
  CHECK(cut("varint", "\x7f") == CutResult(FrameExtent{128, 1, 127}));
  CHECK(cut("varint", "\xac") == CutResult(NeedMore{2}));
  CHECK(cut("varint", "\xac\x02") == CutResult(FrameExtent{302, 2, 300}));
  CHECK(cut("varint", "\x80\0"s) == CutResult(FrameExtent{2, 2, 0}));
}

TEST_CASE("a varint that goes on for too long, or says too much, is malformed") {
  CHECK(flaw_of(cut("varint", "\x80\x80\x80\x80\x80")) == "the varint is longer than 5 bytes");
  CHECK(flaw_of(cut("varint:max=100", "\x64")) ==
        "length 100 is too large: a frame has at most 100 bytes");
}

TEST_CASE("records of a fixed size follow one another") {
  CHECK(cut("fixed:size=188", "") == CutResult(NeedMore{1}));
  CHECK(cut("fixed:size=188", "G") == CutResult(FrameExtent{188, 0, 188}));
}

TEST_CASE("raw takes what is there") {
  CHECK(cut("raw", "abc") == CutResult(FrameExtent{3, 0, 3}));
  CHECK(cut("raw", "") == CutResult(NeedMore{1}));
}
