// SPDX-License-Identifier: Apache-2.0
#include "inspector/frame/seams.h"

#include "tests/unit/catch2.h"
#include "tests/unit/frame/tracking.h"

using namespace wireseam;

namespace {

struct Counting : FrameSink {
  SeamCounts counts;
  void frame(const Frame& frame) override { counts.add(frame); }
  void undecoded(const Undecoded&) override {}
};

}  // namespace

TEST_CASE("split, coalesced and aligned are counted by overlap") {
  const Framing framing = parse_framing("lf:width=1");
  FrameTracker tracker(framing);
  Counting sink;
  uint64_t offset = 0;
  for (const char* text : {"\1a", "\1b\1c", "\5de", "f", "gh\1i"}) {
    const Bytes bytes = bytes_of(text);
    const ByteRange range{offset, offset + bytes.size()};
    sink.counts.add(tracker.data({range, offset + 1, 0, bytes}, sink));
    offset = range.end;
  }
  const SeamCounts& counts = sink.counts;
  CHECK(counts.frames == 5);
  CHECK(counts.split == 1);
  CHECK(counts.segments == 5);
  CHECK(counts.coalesced == 2);
  CHECK(counts.aligned == 1);
  CHECK(counts.segments_of_frame.times() == std::array<uint64_t, 8>{0, 4, 0, 1, 0, 0, 0, 0});
  CHECK(counts.frames_of_segment.times() == std::array<uint64_t, 8>{0, 3, 2, 0, 0, 0, 0, 0});
}

TEST_CASE("a histogram keeps small counts apart and large ones together") {
  CountHistogram histogram;
  for (const uint64_t count : {0u, 4u, 5u, 8u, 9u, 17u, 1000000u}) histogram.add(count);
  CHECK(histogram.times() == std::array<uint64_t, 8>{1, 0, 0, 0, 1, 2, 1, 2});
}
