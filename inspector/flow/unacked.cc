// SPDX-License-Identifier: Apache-2.0
#include "inspector/flow/unacked.h"

#include <algorithm>

namespace wireseam {
namespace {

constexpr size_t kMost = 10'000;       // as Wireshark 4.0
constexpr size_t kKeptCapacity = 256;  // what an idle connection may hold on to

}  // namespace

void UnackedSegments::add(const UnackedSegment& segment) {
  if (segments_.size() - begin_ >= kMost) return;
  if (begin_ == segments_.size()) {
    segments_.clear();
    begin_ = 0;
    ordered_ = true;
  } else {
    ordered_ = ordered_ && !sequence_before(segment.seq, segments_.back().next_seq);
  }
  if (begin_ > 16 && begin_ > segments_.size() / 2) {
    segments_.erase(segments_.begin(), segments_.begin() + static_cast<ptrdiff_t>(begin_));
    begin_ = 0;
  }
  segments_.push_back(segment);
}

UnackedSegment UnackedSegments::acknowledge(uint32_t ack) {
  if (begin_ == segments_.size()) return {};
  const UnackedSegment found = ordered_ ? acknowledge_in_order(ack) : acknowledge_any_order(ack);
  if (begin_ == segments_.size() && segments_.capacity() > kKeptCapacity) {
    segments_ = {};
    begin_ = 0;
  }
  return found;
}

UnackedSegment UnackedSegments::acknowledge_in_order(uint32_t ack) {
  UnackedSegment found;
  while (begin_ < segments_.size() && !sequence_before(ack, segments_[begin_].next_seq)) {
    if (segments_[begin_].next_seq == ack && found.packet == 0) found = segments_[begin_];
    ++begin_;
  }
  if (begin_ < segments_.size() && sequence_before(segments_[begin_].seq, ack))
    segments_[begin_].seq = ack;
  return found;
}

UnackedSegment UnackedSegments::acknowledge_any_order(uint32_t ack) {
  UnackedSegment found;
  segments_.erase(segments_.begin(), segments_.begin() + static_cast<ptrdiff_t>(begin_));
  begin_ = 0;
  for (UnackedSegment& segment : segments_) {
    if (segment.next_seq == ack && found.packet == 0) found = segment;
    if (sequence_before(segment.seq, ack) && sequence_before(ack, segment.next_seq))
      segment.seq = ack;
  }
  std::erase_if(segments_, [ack](const UnackedSegment& segment) {
    return !sequence_before(ack, segment.next_seq);
  });
  return found;
}

uint32_t UnackedSegments::span(uint32_t base) const {
  if (begin_ == segments_.size()) return 0;
  uint32_t first = segments_[begin_].seq - base;
  uint32_t last = segments_.back().next_seq - base;
  if (ordered_ && first <= last) return last - first;
  for (size_t i = begin_; i < segments_.size(); ++i) {
    first = std::min(first, segments_[i].seq - base);
    last = std::max(last, segments_[i].next_seq - base);
  }
  return last - first;
}

}  // namespace wireseam
