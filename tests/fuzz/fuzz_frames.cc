// SPDX-License-Identifier: Apache-2.0
// Tracks the frames of arbitrary bytes that come in arbitrary pieces, with arbitrary gaps. The
// input is the framing's text, a newline, a byte that seeds the pieces, and the stream.
#include <algorithm>
#include <optional>
#include <random>
#include <string_view>

#include "common/error.h"
#include "inspector/frame/frame_tracker.h"
#include "inspector/frame/framing_detector.h"
#include "tests/fuzz/fuzz.h"

using namespace wireseam;

namespace {

constexpr uint64_t kPacketTimes = 1000;

// Checks all that can be said without knowing what is right.
class Checking : public FrameSink {
 public:
  void frame(const Frame& frame) override {
    require(frame.number == ++frames_, "frames are numbered");
    cover(frame.range);
    require(frame.range.begin <= frame.body.begin && frame.body.end <= frame.range.end,
            "the body lies within its frame");
    require(frame.header.size() <= frame.body.begin - frame.range.begin, "a header is no body");
    require(frame.missing <= frame.range.size(), "no more is missing than there was");
    uint64_t at = frame.range.begin;
    for (const FramePart& part : frame.parts) {
      require(at <= part.range.begin && part.range.begin < part.range.end &&
                  part.range.end <= frame.range.end,
              "parts are in order and within their frame");
      require(frame.first_ns <= frame.last_ns, "a frame begins before it ends");
      at = part.range.end;
    }
  }
  void undecoded(const Undecoded& undecoded) override {
    require(!to_string(undecoded).empty(), "there is a reason");
    cover(undecoded.range);
  }

 private:
  void cover(ByteRange range) {
    require(end_ <= range.begin && range.begin < range.end, "what is reported is in order");
    end_ = range.end;
  }

  uint64_t end_ = 0;
  uint64_t frames_ = 0;
};

std::optional<Framing> read_framing(std::string_view text) {
  try {
    return parse_framing(text);
  } catch (const Error&) {
    return std::nullopt;
  }
}

void track(const Framing& framing, Place place, Bytes stream, uint8_t seed) {
  std::minstd_rand random(seed + 1u);
  const size_t largest = 1 + random() % 64;
  Checking sink;
  FrameTracker tracker(framing, place);
  uint64_t packet = 0;
  for (size_t at = 0; at < stream.size();) {
    const size_t size = std::min<size_t>(stream.size() - at, 1 + random() % largest);
    const ByteRange range{at, at + size};
    const auto fate = random() % 16;
    const size_t captured = fate == 1 ? random() % (size + 1) : size;
    ++packet;
    if (fate == 0) {
      tracker.gap(range, sink);
    } else {
      tracker.data({range, packet, packet * kPacketTimes, stream.subspan(at, captured)}, sink);
    }
    require(tracker.memory() < 100 * (stream.size() + 64), "what is held is bounded");
    at += size;
  }
  tracker.end(sink);
}

void detect(Bytes stream, uint8_t seed) {
  FramingDetector detector(50000, seed, Place::Start);
  const size_t half = stream.size() / 2;
  const StreamPiece first{{0, half}, 1, 1, stream.first(half)};
  const StreamPiece second{{0, stream.size() - half}, 2, 2, stream.subspan(half)};
  auto choice = detector.add(Speaker::Client, first);
  if (!choice) choice = detector.add(Speaker::Server, second);
  if (!choice) choice = detector.choose();
  require(choice->framing != nullptr, "something is chosen");
  require(!reason_text(*choice->framing, choice->grounds).empty(), "a choice has a reason");
  detector.replay([&](Speaker, const StreamPiece& piece) {
    require(piece.bytes.size() == piece.range.size(), "what is kept is whole");
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* input, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(input), size);
  const size_t newline = text.find('\n');
  if (newline == std::string_view::npos || newline + 1 == size) return 0;
  const auto framing = read_framing(text.substr(0, newline));
  if (!framing) return 0;
  const auto seed = static_cast<uint8_t>(text[newline + 1]);
  const Bytes stream = std::as_bytes(std::span(text.substr(newline + 2)));
  for (const Place place : {Place::Start, Place::Middle}) track(*framing, place, stream, seed);
  detect(stream, seed);
  return 0;
}
