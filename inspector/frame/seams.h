// SPDX-License-Identifier: Apache-2.0
// How frames lie in segments, and segments in frames.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "inspector/frame/frame.h"

namespace wireseam {

// The bytes that one segment brought, as the frames lie in them.
struct Seams {
  uint32_t begun = 0;      // frames whose first byte is among them
  uint32_t ended = 0;      // frames whose last byte is
  bool continued = false;  // a frame lies across their beginning
  bool continues = false;  // a frame lies across their end

  uint32_t touched() const { return begun + (continued ? 1 : 0); }
  bool aligned() const { return begun == 1 && ended == 1 && !continued && !continues; }

  bool operator==(const Seams&) const = default;
};

// How often a count came up: 0 to 4 each, 5 to 8, 9 to 16, and all above.
class CountHistogram {
 public:
  static constexpr std::array<uint64_t, 8> kLargest = {0, 1, 2, 3, 4, 8, 16, UINT64_MAX};

  void add(uint64_t count, uint64_t times = 1) {
    times_[count <= 4 ? count : bucket_of(count)] += times;
  }
  CountHistogram& operator+=(const CountHistogram& other);
  // By bucket, whose largest count is kLargest's.
  const std::array<uint64_t, kLargest.size()>& times() const { return times_; }

 private:
  static size_t bucket_of(uint64_t count);

  std::array<uint64_t, kLargest.size()> times_{};
};

// The seams of one direction, or of several together.
struct SeamCounts {
  // Of so many frames which are a segment each.
  static SeamCounts of_aligned(uint64_t frames);

  uint64_t frames = 0;
  uint64_t split = 0;      // frames that more than one segment carried
  uint64_t segments = 0;   // with data
  uint64_t coalesced = 0;  // segments with bytes of more than one frame
  uint64_t aligned = 0;    // segments of exactly one whole frame
  CountHistogram segments_of_frame;
  CountHistogram frames_of_segment;

  void add(const Frame& frame);
  void add(const Seams& segment);
  SeamCounts& operator+=(const SeamCounts& other);
};

// Counts the seams of one direction. Small as long as each segment has one whole frame, as in most
// connections; there may be many.
class SeamCounter {
 public:
  void add(const Frame& frame);
  void add(const Seams& segment);

  // None: neither frames nor segments so far.
  std::optional<SeamCounts> counts() const;

 private:
  SeamCounts& others();

  uint64_t unsplit_frames_ = 0;
  uint64_t aligned_segments_ = 0;
  std::unique_ptr<SeamCounts> others_;
};

}  // namespace wireseam
