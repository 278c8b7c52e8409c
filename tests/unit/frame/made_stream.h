// SPDX-License-Identifier: Apache-2.0
// Streams of known frames, for tests that compare what a tracker finds with the truth.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "common/byte_range.h"

namespace wireseam {

using Random = std::mt19937;

inline uint64_t pick(Random& random, uint64_t low, uint64_t high) {
  return std::uniform_int_distribution<uint64_t>(low, high)(random);
}

struct MadeFrame {
  ByteRange range;
  uint64_t header_size = 0;
};

struct MadeStream {
  std::string bytes;
  std::vector<MadeFrame> frames;
};

// What made_stream can make: a few of each kind of shape.
const std::vector<std::string_view>& made_framings();

// `count` frames with bodies of random size and bytes.
MadeStream made_stream(std::string_view framing, size_t count, Random& random);

}  // namespace wireseam
