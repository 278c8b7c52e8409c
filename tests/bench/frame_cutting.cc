// SPDX-License-Identifier: Apache-2.0
// What finding a frame costs, as nanoseconds of CPU time: scripts/bench prints it. The frames are
// 64 bytes long.
//
//   frame_cutting whole    each frame lies within one piece
//   frame_cutting split    pieces of 1448 bytes, as a stream written in bulk has them
//   frame_cutting garbage  no frame at all, for each byte
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/framing/length_field.h"
#include "inspector/frame/frame_tracker.h"

using namespace wireseam;

namespace {

constexpr uint64_t kFrames = 5'000'000;
constexpr size_t kFrameSize = 64;

struct Counting : FrameSink {
  uint64_t frames = 0;
  uint64_t bytes = 0;
  void frame(const Frame& frame) override {
    ++frames;
    bytes += frame.body.size();
  }
  void undecoded(const Undecoded&) override {}
};

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// A stretch of the stream that ends with a frame: it is fed again and again.
std::string stretch_of_frames(size_t count) {
  std::string bytes;
  for (size_t i = 0; i < count; ++i)
    bytes += encode_len32le_header(kFrameSize - 4) + std::string(kFrameSize - 4, 'x');
  return bytes;
}

std::string stretch_of_garbage(size_t size) {
  uint32_t state = 1;
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

void feed(const std::string& stretch, size_t piece_size, uint64_t total, FrameTracker& tracker,
          FrameSink& sink) {
  uint64_t packet = 0;
  for (uint64_t begin = 0; begin < total;) {
    const size_t at = begin % stretch.size();
    const size_t size = std::min(piece_size, stretch.size() - at);
    ++packet;
    const Bytes bytes = std::as_bytes(std::span(stretch)).subspan(at, size);
    tracker.data({{begin, begin + size}, packet, packet, bytes}, sink);
    begin += size;
  }
  tracker.end(sink);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc == 2 ? argv[1] : "";
  const bool garbage = what == "garbage";
  if (!garbage && what != "whole" && what != "split") {
    std::fprintf(stderr, "usage: frame_cutting whole|split|garbage\n");
    return 2;
  }
  const Framing framing = parse_framing("len32le");
  FrameTracker tracker(framing);
  Counting sink;
  constexpr size_t kStretchFrames = 1448;
  const std::string stretch =
      garbage ? stretch_of_garbage(kStretchFrames * kFrameSize) : stretch_of_frames(kStretchFrames);
  const uint64_t total = kFrames * kFrameSize / (garbage ? 10 : 1);
  const double begin = cpu_seconds();
  feed(stretch, what == "whole" ? 22 * kFrameSize : 1448, total, tracker, sink);
  const double seconds = cpu_seconds() - begin;
  const double units = garbage ? static_cast<double>(total) : static_cast<double>(sink.frames);
  std::printf("%.2f\n", seconds / units * 1e9);
  return garbage || sink.frames >= kFrames ? EXIT_SUCCESS : EXIT_FAILURE;
}
