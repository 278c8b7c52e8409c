// SPDX-License-Identifier: Apache-2.0
// Random cuts of one stream into sends, segments, frames and receives, which come in a random order
// of the lanes: what is said to lie beside each must be what overlaps it, counted by hand.
#include "inspector/join/alignment.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

using Ranges = std::vector<ByteRange>;

struct Found {
  char lane;  // 's', 'f' or 'r'
  ByteRange range;
  Ranges sends, segments, frames, receives;
  bool whole;

  bool operator==(const Found&) const = default;
};

template <typename Span>
Ranges ranges_of(std::span<const Span> spans) {
  Ranges ranges;
  for (const Span& span : spans) ranges.push_back(span.range);
  return ranges;
}

class Collector final : public AlignmentSink {
 public:
  void send(const CallSpan& call, const Beside& beside) override { add('s', call.range, beside); }
  void frame(const FrameSpan& frame, const Beside& beside) override {
    add('f', frame.range, beside);
  }
  void receive(const CallSpan& call, const Beside& beside) override {
    add('r', call.range, beside);
  }

  std::vector<Found> found;

 private:
  void add(char lane, ByteRange range, const Beside& beside) {
    found.push_back({lane, range, ranges_of(beside.sends), ranges_of(beside.segments),
                     ranges_of(beside.frames), ranges_of(beside.receives), beside.whole});
  }
};

CallSpan call(ByteRange range) {
  CallSpan span;
  span.range = range;
  return span;
}

FrameSpan frame(ByteRange range) {
  Frame made;
  made.range = range;
  return {made, nullptr};
}

WireSpan segment(ByteRange range) {
  WireSpan span;
  span.range = range;
  return span;
}

using Random = std::mt19937;

uint64_t upto(Random& random, uint64_t most) {
  return std::uniform_int_distribution<uint64_t>(0, most)(random);
}

// Cuts [0, size) at random; with holes where `holes` says so.
Ranges cut(Random& random, uint64_t size, uint64_t longest, bool holes) {
  Ranges ranges;
  for (uint64_t at = 0; at < size;) {
    const uint64_t end = std::min(size, at + 1 + upto(random, longest));
    if (!holes || upto(random, 4) > 0) ranges.push_back({at, end});
    at = end;
  }
  return ranges;
}

Ranges overlapping(const Ranges& ranges, ByteRange range) {
  Ranges found;
  std::ranges::copy_if(ranges, std::back_inserter(found),
                       [&](ByteRange each) { return each.overlaps(range); });
  return found;
}

struct Stream {
  Ranges sends, segments, frames, receives;

  std::vector<Found> expected() const {
    std::vector<Found> all;
    const auto add = [&](char lane, const Ranges& ranges) {
      for (const ByteRange range : ranges)
        all.push_back({lane, range, overlapping(sends, range), overlapping(segments, range),
                       overlapping(frames, range), overlapping(receives, range), true});
    };
    add('s', sends);
    add('f', frames);
    add('r', receives);
    std::ranges::stable_sort(all, {}, [](const Found& each) { return each.range.end; });
    return all;
  }
};

// Fills the lanes in a random order of the lanes, and says what came out.
std::vector<Found> align(Random& random, const Stream& stream) {
  Alignment lanes;
  Collector collector;
  std::array<size_t, 4> next{};
  const std::array sizes{stream.sends.size(), stream.segments.size(), stream.frames.size(),
                         stream.receives.size()};
  while (next != sizes) {
    const size_t lane = upto(random, 3);
    if (next[lane] == sizes[lane]) continue;
    const size_t i = next[lane]++;
    if (lane == 0) lanes.sends.add(call(stream.sends[i]));
    if (lane == 1) lanes.segments.add(segment(stream.segments[i]));
    if (lane == 2) lanes.frames.add(frame(stream.frames[i]));
    if (lane == 3) lanes.receives.add(call(stream.receives[i]));
    lanes.settle(collector);
  }
  lanes.close(collector);
  return collector.found;
}

}  // namespace

TEST_CASE("What lies beside each send, frame and receive is what overlaps it") {
  for (uint32_t seed = 0; seed < 300; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    const uint64_t size = 1 + upto(random, 2000);
    const auto longest = [&] { return 1 + upto(random, 150); };
    const Stream stream{.sends = cut(random, size, longest(), false),
                        .segments = cut(random, size, longest(), true),
                        .frames = cut(random, size, longest(), true),
                        .receives = cut(random, size, longest(), false)};
    CHECK(align(random, stream) == stream.expected());
  }
}

TEST_CASE("A frame is handed over as soon as all lanes are past it") {
  Alignment lanes;
  Collector collector;
  lanes.sends.add(call({0, 10}));
  lanes.segments.add(segment({0, 10}));
  lanes.frames.add(frame({0, 4}));
  lanes.settle(collector);
  CHECK(collector.found.empty());
  lanes.receives.add(call({0, 10}));
  lanes.settle(collector);
  REQUIRE(collector.found.size() == 1);
  CHECK(collector.found[0].lane == 'f');
}

TEST_CASE("A lane without calls is not waited for") {
  Alignment lanes;
  Collector collector;
  lanes.sends.close();
  lanes.receives.close();
  lanes.segments.add(segment({0, 10}));
  lanes.frames.add(frame({0, 10}));
  lanes.settle(collector);
  REQUIRE(collector.found.size() == 1);
  CHECK(collector.found[0].sends.empty());
  CHECK(collector.found[0].whole);
}

TEST_CASE("Lanes that one side never fills stay bounded, and say that something is missing") {
  Alignment lanes;
  Collector collector;
  for (uint64_t i = 0; i < 200'000; ++i) {
    lanes.sends.add(call({i, i + 1}));
    lanes.segments.add(segment({i, i + 1}));
    lanes.frames.add(frame({i, i + 1}));
    lanes.settle(collector);
    REQUIRE(lanes.size() < 70'000);
  }
  REQUIRE(!collector.found.empty());
  CHECK(!collector.found.front().whole);
  lanes.close(collector);
  CHECK(collector.found.size() == 400'000);
}

TEST_CASE("Segments alone do not pile up") {
  Alignment lanes;
  Collector collector;
  for (uint64_t i = 0; i < 200'000; ++i) {
    lanes.segments.add(segment({i, i + 1}));
    lanes.settle(collector);
  }
  CHECK(lanes.size() < 70'000);
}
