// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/unit/catch2.h"
#include "tests/unit/common/framing/cutting.h"
#include "tests/unit/common/framing/real_messages.h"

using namespace wireseam;
using namespace std::string_literals;

TEST_CASE("every framing cuts real messages where they end") {
  for (const RealStream& stream : real_streams()) {
    CAPTURE(stream.framing, stream.what);
    CHECK(frame_sizes(stream.framing, from_hex(stream.hex)) == stream.frame_sizes);
  }
}

TEST_CASE("every preset is tried on a real message") {
  for (const Framing& framing : all_framings()) {
    CAPTURE(framing.name);
    if (framing.name == "raw" || framing.name == "lf" || framing.name == "fixed") continue;
    CHECK(std::ranges::count(real_streams(), framing.name, &RealStream::framing) > 0);
  }
}

TEST_CASE("every row of the table is sound") {
  for (const Framing& framing : all_framings()) {
    CAPTURE(framing.name);
    const Shape& shape = framing.shape;
    CHECK_FALSE(framing.summary.empty());
    if (framing.tuning != Tuning::All) CHECK(shape.max >= shape.min);
    CHECK(shape.max >= uint64_t{shape.offset} + shape.width);
    uint64_t checked = 0;
    for (const ByteCheck& check : shape.checks) {
      CHECK(check.offset >= checked);
      CHECK(check.low <= check.high);
      checked = uint64_t{check.offset} + check.count;
    }
    CHECK(checked <= shape.min);
    CHECK(uint64_t{shape.strip.value_or(0)} + shape.trailer <= shape.min);
  }
}

TEST_CASE("bytes that no frame of a protocol begins with are malformed at once") {
  CHECK(cut("tls", "\x16\x02") == CutResult(Malformed{1, Flaw::UnexpectedByte, 2}));
  CHECK(flaw_of(cut("tls", "GET")) == "no frame of this protocol has 0x47 here");
  CHECK(cut("bgp", "\xff\xff\xfe") == CutResult(Malformed{2, Flaw::UnexpectedByte, 0xfe}));
}

TEST_CASE("the body of a frame lies behind its header and before its trailer") {
  const std::string tune = from_hex("01 0000 0000000c 000a001e07ff00020000003c ce");
  CHECK(cut("amqp", tune) == CutResult(FrameExtent{20, 7, 12}));
  CHECK(cut("mysql", "\x01\0\0\0\x01"s) == CutResult(FrameExtent{5, 4, 1}));
}

TEST_CASE("a stream whose beginning was missed is cut by the protocol's usual shape") {
  CHECK(flaw_of(cut("postgres", "\0\0\0\x08\x04\xd2\x16\x2f"s, Place::Middle)) ==
        "no frame of this protocol has 0x00 here");
  CHECK(cut("postgres", "S\0\0\0\x09"s, Place::Middle) == CutResult(FrameExtent{10, 5, 5}));
  CHECK(cut("postgres", "S\0\0\0\x09"s, Place::Start) ==
        CutResult(FrameExtent{1, 0, 1, Place::Start}));
}

TEST_CASE("a preface is waited for only as long as the bytes agree with it") {
  CHECK(cut("http2", "PRI * HT", Place::Start) == CutResult(NeedMore{9}));
  CHECK(cut("http2", "PRX\0\0\0\0\0\0"s, Place::Start) ==
        CutResult(FrameExtent{9 + 0x505258, 9, 0x505258}));
}

TEST_CASE("pkt-line lengths 0 to 2 are markers, 3 is none") {
  CHECK(cut("git", "0002") == CutResult(FrameExtent{4, 4, 0}));
  CHECK(cut("git", "0004") == CutResult(FrameExtent{4, 4, 0}));
  CHECK(flaw_of(cut("git", "0003")) == "length 3 is too small: a frame has at least 4 bytes");
}
