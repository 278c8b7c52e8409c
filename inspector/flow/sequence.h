// SPDX-License-Identifier: Apache-2.0
// Sequence numbers, which wrap at 2^32 (RFC 9293 section 3.4): compared on the shorter way round.
#pragma once

#include <cstdint>

namespace wireseam {

inline int32_t sequence_distance(uint32_t from, uint32_t to) {
  return static_cast<int32_t>(to - from);
}
inline bool sequence_before(uint32_t a, uint32_t b) { return sequence_distance(b, a) < 0; }

// The 64-bit offset nearest to `near` whose lower half is that of `origin` + `seq`: unwraps a
// sequence number. Below the origin it is below zero.
inline int64_t unwrapped(uint32_t seq, uint32_t origin, int64_t near) {
  const uint32_t relative = seq - origin;
  return near + sequence_distance(static_cast<uint32_t>(near), relative);
}

}  // namespace wireseam
