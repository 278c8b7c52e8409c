// SPDX-License-Identifier: Apache-2.0
// A header is cut where it lies, in the piece that was fed; only one that comes in several pieces
// is gathered in a buffer first. Bodies are never copied.
#include "common/framing/frame_reader.h"

#include <algorithm>

namespace wireseam {

FrameReader::FrameReader(const Framing& framing, Place place) : framing_(framing), place_(place) {}

void FrameReader::feed(Bytes piece) { piece_ = piece; }

FrameEvent FrameReader::next() {
  switch (state_) {
    case State::Header:
      return read_header();
    case State::Body:
      return read_body();
    case State::Failed:
      break;
  }
  return flaw_;
}

FrameEvent FrameReader::read_header() {
  uint64_t seen = held_.size();
  for (;;) {
    const Bytes window = held_.empty() ? piece_ : Bytes(held_);
    const CutResult result = framing_.cut(window, place_, seen);
    if (const auto* malformed = std::get_if<Malformed>(&result)) {
      state_ = State::Failed;
      flaw_ = *malformed;
      flaw_.offset += position_;
      return flaw_;
    }
    const auto* extent = std::get_if<FrameExtent>(&result);
    const uint64_t wanted =
        extent == nullptr ? std::get<NeedMore>(result).size : extent->body_offset;
    if (extent != nullptr && window.size() >= wanted) return begin(*extent, window);
    seen = window.size();
    if (piece_.empty()) return NeedMore{wanted};
    hold(wanted);
  }
}

FrameEvent FrameReader::begin(const FrameExtent& extent, Bytes window) {
  extent_ = extent;
  left_ = extent.size - extent.body_offset;
  state_ = State::Body;
  if (held_.empty()) {
    piece_ = piece_.subspan(extent.body_offset);
  } else {
    held_rest_ = window.subspan(extent.body_offset);
  }
  return FrameBegin{extent, window.first(extent.body_offset)};
}

FrameEvent FrameReader::read_body() {
  const uint64_t trailer = extent_.size - extent_.body_offset - extent_.body_size;
  while (left_ > 0) {
    const bool in_body = left_ > trailer;
    const Bytes bytes = take(in_body ? left_ - trailer : left_);
    if (bytes.empty()) return NeedMore{extent_.size - left_ + 1};
    left_ -= bytes.size();
    if (in_body) return BodyPiece{bytes};
  }
  held_.clear();
  position_ += extent_.size;
  place_ = extent_.next;
  state_ = State::Header;
  return FrameEnd{};
}

// Moves bytes of the piece to held_, until that has `size`. Fewer may be enough to see a flaw.
void FrameReader::hold(uint64_t size) {
  const auto count = std::min<uint64_t>(size - held_.size(), piece_.size());
  const Bytes bytes = piece_.first(count);
  held_.insert(held_.end(), bytes.begin(), bytes.end());
  piece_ = piece_.subspan(count);
}

// At most `size` of the bytes behind the header.
Bytes FrameReader::take(uint64_t size) {
  Bytes& source = held_rest_.empty() ? piece_ : held_rest_;
  const Bytes bytes = source.first(std::min<uint64_t>(size, source.size()));
  source = source.subspan(bytes.size());
  return bytes;
}

}  // namespace wireseam
