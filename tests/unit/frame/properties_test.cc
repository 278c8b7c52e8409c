// SPDX-License-Identifier: Apache-2.0
// What holds for every stream, however it was cut and whatever of it is missing. Each case prints
// the seed that failed.
#include <algorithm>

#include "inspector/frame/frame_tracker.h"
#include "tests/unit/catch2.h"
#include "tests/unit/common/framing/cutting.h"
#include "tests/unit/frame/made_stream.h"

using namespace wireseam;

namespace {

constexpr unsigned kSeeds = 150;

// A packet's bytes of which `captured` are there; none at all: a gap.
struct Cut {
  ByteRange range;
  uint64_t captured = 0;
  bool is_gap = false;
};

struct Found {
  ByteRange range;
  uint64_t missing = 0;
  std::vector<uint64_t> packets;

  bool operator==(const Found&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Found& found) {
  out << found.range.begin << "-" << found.range.end << " missing " << found.missing << " by";
  for (const uint64_t packet : found.packets) out << " " << packet;
  return out;
}

struct Collecting : FrameSink {
  std::vector<Found> frames;
  std::vector<ByteRange> undecoded_ranges;

  void frame(const Frame& frame) override {
    Found found{frame.range, frame.missing, {}};
    for (const FramePart& part : frame.parts) found.packets.push_back(part.packet);
    frames.push_back(found);
  }
  void undecoded(const Undecoded& undecoded) override {
    undecoded_ranges.push_back(undecoded.range);
  }
};

std::vector<Cut> random_cuts(uint64_t size, Random& random) {
  const uint64_t largest = std::vector<uint64_t>{2, 50, 1448, 20'000}[pick(random, 0, 3)];
  std::vector<Cut> cuts;
  for (uint64_t at = 0; at < size;) {
    const uint64_t end = std::min(size, at + pick(random, 1, largest));
    cuts.push_back({{at, end}, end - at, false});
    at = end;
  }
  return cuts;
}

// Where the frame at an offset has its body; empty for a framing that looks for its end there.
ByteRange body_at(const MadeStream& stream, std::string_view framing, uint64_t offset) {
  for (const MadeFrame& frame : stream.frames)
    if (frame.range.contains(offset) && framing != "line")
      return {frame.range.begin + std::max<uint64_t>(frame.header_size, 1), frame.range.end};
  return {};
}

// Takes bytes away that no framing needs: a packet within a body, or a packet's end there.
void lose_of_bodies(std::vector<Cut>& cuts, const MadeStream& stream, std::string_view framing,
                    Random& random) {
  for (Cut& cut : cuts) {
    if (pick(random, 0, 2) != 0) continue;
    const ByteRange body = body_at(stream, framing, cut.range.end - 1);
    if (body.empty() || cut.range.end <= body.begin) continue;
    cut.is_gap = body.begin <= cut.range.begin && pick(random, 0, 1) == 0;
    const uint64_t kept_at_least = std::max(body.begin, cut.range.begin) - cut.range.begin;
    cut.captured = cut.is_gap ? 0 : pick(random, kept_at_least, cut.range.size());
  }
}

Collecting track(std::string_view framing_text, const std::string& bytes,
                 const std::vector<Cut>& cuts) {
  const Framing framing = parse_framing(framing_text);
  FrameTracker tracker(framing);
  Collecting found;
  uint64_t packet = 0;
  for (const Cut& cut : cuts) {
    ++packet;
    const std::string_view text = std::string_view(bytes).substr(cut.range.begin, cut.captured);
    if (cut.is_gap) {
      tracker.gap(cut.range, found);
    } else {
      tracker.data({cut.range, packet, packet, bytes_of(text)}, found);
    }
  }
  tracker.end(found);
  return found;
}

Found expected(const MadeFrame& frame, const std::vector<Cut>& cuts) {
  Found found{frame.range, 0, {}};
  for (size_t i = 0; i < cuts.size(); ++i) {
    const ByteRange own = intersection(cuts[i].range, frame.range);
    if (own.empty()) continue;
    const uint64_t known = cuts[i].range.begin + cuts[i].captured;
    found.missing += intersection({known, cuts[i].range.end}, frame.range).size();
    if (!cuts[i].is_gap && found.packets.size() < kMaxFrameParts) found.packets.push_back(i + 1);
  }
  return found;
}

}  // namespace

TEST_CASE("every frame is found with its packets, whatever is missing of bodies") {
  for (const std::string_view framing : made_framings()) {
    for (unsigned seed = 1; seed <= kSeeds; ++seed) {
      INFO("framing " << framing << ", seed " << seed);
      Random random(seed);
      const MadeStream stream = made_stream(framing, pick(random, 1, 40), random);
      std::vector<Cut> cuts = random_cuts(stream.bytes.size(), random);
      lose_of_bodies(cuts, stream, framing, random);
      std::vector<Found> truth;
      for (const MadeFrame& frame : stream.frames) truth.push_back(expected(frame, cuts));
      const Collecting found = track(framing, stream.bytes, cuts);
      REQUIRE(found.frames == truth);
      REQUIRE(found.undecoded_ranges.empty());
    }
  }
}

TEST_CASE("frames and undecoded bytes never overlap, and all before a gap are true") {
  for (const std::string_view framing : made_framings()) {
    for (unsigned seed = 1; seed <= kSeeds; ++seed) {
      INFO("framing " << framing << ", seed " << seed);
      Random random(seed);
      const MadeStream stream = made_stream(framing, pick(random, 1, 40), random);
      std::vector<Cut> cuts = random_cuts(stream.bytes.size(), random);
      Cut& lost = cuts[pick(random, 0, cuts.size() - 1)];
      lost.is_gap = true;
      lost.captured = 0;
      const Collecting found = track(framing, stream.bytes, cuts);
      for (const MadeFrame& frame : stream.frames)
        if (frame.range.end <= lost.range.begin)
          REQUIRE(std::ranges::count(found.frames, frame.range, &Found::range) == 1);
      std::vector<ByteRange> ranges = found.undecoded_ranges;
      for (const Found& frame : found.frames) ranges.push_back(frame.range);
      std::ranges::sort(ranges);
      for (size_t i = 1; i < ranges.size(); ++i) REQUIRE(ranges[i - 1].end <= ranges[i].begin);
    }
  }
}

TEST_CASE("with strong marks every frame behind a gap is found, and no other") {
  for (const std::string_view framing : {"json-header", "bgp", "line"}) {
    for (unsigned seed = 1; seed <= kSeeds; ++seed) {
      INFO("framing " << framing << ", seed " << seed);
      Random random(seed);
      const MadeStream stream = made_stream(framing, pick(random, 2, 40), random);
      std::vector<Cut> cuts = random_cuts(stream.bytes.size(), random);
      Cut& lost = cuts[pick(random, 0, cuts.size() - 1)];
      lost.is_gap = true;
      lost.captured = 0;
      const Collecting found = track(framing, stream.bytes, cuts);
      for (const MadeFrame& frame : stream.frames) {
        // A line behind a gap is known to begin there only by the newline before it.
        const uint64_t from = frame.range.begin - (framing == "line" ? 1 : 0);
        if (frame.range.begin > 0 && from >= lost.range.end)
          REQUIRE(std::ranges::count(found.frames, frame.range, &Found::range) == 1);
      }
      for (const Found& frame : found.frames)
        REQUIRE(std::ranges::count(stream.frames, frame.range, &MadeFrame::range) == 1);
    }
  }
}
