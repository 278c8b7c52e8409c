// SPDX-License-Identifier: Apache-2.0
// A half-open range of byte offsets on the axis of one direction of one stream. Offset 0 is the
// first byte of data; sequence numbers are unwrapped to 64 bits before they become offsets.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>

namespace wireseam {

struct ByteRange {
  uint64_t begin = 0;
  uint64_t end = 0;

  uint64_t size() const { return end - begin; }
  bool empty() const { return begin == end; }
  bool contains(uint64_t offset) const { return begin <= offset && offset < end; }
  bool overlaps(ByteRange other) const {
    return std::max(begin, other.begin) < std::min(end, other.end);
  }

  auto operator<=>(const ByteRange&) const = default;
};

// The part that both have; empty, at b's side of a, where they have none.
inline ByteRange intersection(ByteRange a, ByteRange b) {
  const uint64_t begin = std::clamp(b.begin, a.begin, a.end);
  return {begin, std::clamp(b.end, begin, a.end)};
}

}  // namespace wireseam
