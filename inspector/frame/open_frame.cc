// SPDX-License-Identifier: Apache-2.0
// Gathers what is said of a frame while it comes.
#include "inspector/frame/open_frame.h"

#include <algorithm>

namespace wireseam {

void OpenFrame::append(const FramePart& part, Bytes bytes) {
  const ByteRange own = intersection(part.range, {begin_, end()});
  const uint64_t at = own.begin - begin_;
  // Not so where bytes of the header are missing: what follows is not put in their place.
  if (header_.size() == at && at < extent_.body_offset) {
    const Bytes header = bytes.first(std::min<uint64_t>(extent_.body_offset - at, bytes.size()));
    header_.insert(header_.end(), header.begin(), header.end());
  }
  add_part({own, part.packet, part.time_ns});
}

void OpenFrame::skip(ByteRange missing, const FramePart* carrier) {
  const ByteRange own = intersection(missing, {begin_, end()});
  missing_ += own.size();
  if (carrier != nullptr) add_part({own, carrier->packet, carrier->time_ns});
}

void OpenFrame::add_part(const FramePart& part) {
  first_ns_ = std::min(first_ns_, part.time_ns);
  last_ns_ = std::max(last_ns_, part.time_ns);
  if (!parts_.empty() && parts_.back().packet == part.packet &&
      parts_.back().range.end == part.range.begin) {
    parts_.back().range.end = part.range.end;
  } else if (parts_.size() < kMaxFrameParts) {
    parts_.push_back(part);
  } else {
    ++parts_left_out_;
  }
}

Frame OpenFrame::frame() const {
  const uint64_t body = begin_ + extent_.body_offset;
  return {.range = {begin_, end()},
          .body = {body, body + extent_.body_size},
          .first_ns = first_ns_,
          .last_ns = last_ns_,
          .missing = missing_,
          .header = header_,
          .parts = parts_,
          .parts_left_out = parts_left_out_};
}

size_t OpenFrame::memory() const {
  return sizeof *this + header_.capacity() + parts_.capacity() * sizeof(FramePart);
}

}  // namespace wireseam
