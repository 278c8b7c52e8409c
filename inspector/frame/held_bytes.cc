// SPDX-License-Identifier: Apache-2.0
// What is dropped at the front is erased once it is as much as what is kept, so that bytes which
// come one by one are not moved again for each of them.
#include "inspector/frame/held_bytes.h"

namespace wireseam {

HeldBytes::HeldBytes(const Window& window, uint64_t begin) : begin_(begin) {
  const Bytes bytes = window.from(begin);
  bytes_.assign(bytes.begin(), bytes.end());
  for (const FramePart& part : window.parts)
    if (part.range.end > begin) append_part(part);
}

void HeldBytes::append(const FramePart& part, Bytes bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  append_part(part);
}

// A peer may send a long head a byte at a time; the parts are not to take more than the bytes. The
// last one then stands for all that follow, with the newest packet.
void HeldBytes::append_part(const FramePart& part) {
  if (parts_.size() - dropped_parts_ <= kMaxFrameParts) {
    parts_.push_back(part);
    return;
  }
  FramePart& last = parts_.back();
  last = {{last.range.begin, part.range.end}, part.packet, part.time_ns};
  ++merged_parts_;
}

void HeldBytes::drop_before(uint64_t offset) {
  dropped_bytes_ += offset - begin_;
  begin_ = offset;
  while (dropped_parts_ < parts_.size() && parts_[dropped_parts_].range.end <= offset)
    ++dropped_parts_;
  if (2 * dropped_bytes_ >= bytes_.size()) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<ptrdiff_t>(dropped_bytes_));
    dropped_bytes_ = 0;
  }
  if (2 * dropped_parts_ >= parts_.size()) {
    parts_.erase(parts_.begin(), parts_.begin() + static_cast<ptrdiff_t>(dropped_parts_));
    dropped_parts_ = 0;
  }
}

Window HeldBytes::window() const {
  return {begin_, Bytes(bytes_).subspan(dropped_bytes_), std::span(parts_).subspan(dropped_parts_)};
}

size_t HeldBytes::memory() const {
  return sizeof *this + bytes_.capacity() + parts_.capacity() * sizeof(FramePart);
}

}  // namespace wireseam
