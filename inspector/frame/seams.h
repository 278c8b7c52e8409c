// SPDX-License-Identifier: Apache-2.0
// How frames lie in segments, and segments in frames.
#pragma once

#include <cstdint>

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

}  // namespace wireseam
