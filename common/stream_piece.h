// SPDX-License-Identifier: Apache-2.0
// Bytes of one direction of a stream in their order, as one packet brought them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "common/byte_range.h"

namespace wireseam {

struct StreamPiece {
  ByteRange range;       // follows the range of the piece or gap before it
  uint64_t packet = 0;   // the number of the packet that brought them first
  uint64_t time_ns = 0;  // when it was captured, which for reordered data is not in order
  // The bytes from range.begin on. Fewer than the range where the capture cut the packet short:
  // those at its end are known to have been there, and no more. Live during the call.
  std::span<const std::byte> bytes;
};

}  // namespace wireseam
