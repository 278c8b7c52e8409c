// SPDX-License-Identifier: Apache-2.0
// Keeps the bytes of a stream that cannot be judged before more have come.
#pragma once

#include <cstddef>
#include <vector>

#include "inspector/frame/window.h"

namespace wireseam {

class HeldBytes {
 public:
  // Keeps what the window has from `begin` on.
  HeldBytes(const Window& window, uint64_t begin);

  // `part` begins where the bytes so far end; more than that may be said of it than is there.
  void append(const FramePart& part, Bytes bytes);
  void drop_before(uint64_t offset);

  Window window() const;
  uint64_t begin() const { return begin_; }
  // How many of the parts stand for several packets each: they were too many.
  uint64_t merged_parts() const { return merged_parts_; }
  size_t memory() const;

 private:
  void append_part(const FramePart& part);

  uint64_t begin_ = 0;
  size_t dropped_bytes_ = 0;  // at the front of bytes_, and not erased yet
  size_t dropped_parts_ = 0;
  uint64_t merged_parts_ = 0;
  std::vector<std::byte> bytes_;
  std::vector<FramePart> parts_;
};

}  // namespace wireseam
