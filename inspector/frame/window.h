// SPDX-License-Identifier: Apache-2.0
// Bytes of a stream without a hole between them, and the packets that brought them.
#pragma once

#include <span>

#include "inspector/frame/frame.h"

namespace wireseam {

// A view. The parts follow each other and cover the bytes; the last one may reach further, to where
// its packet ended, and the first one may begin before them.
struct Window {
  uint64_t begin = 0;
  Bytes bytes;
  std::span<const FramePart> parts;

  uint64_t end() const { return begin + bytes.size(); }
  Bytes from(uint64_t offset) const { return bytes.subspan(offset - begin); }
};

}  // namespace wireseam
