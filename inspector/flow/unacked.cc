// SPDX-License-Identifier: Apache-2.0
#include "inspector/flow/unacked.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "inspector/flow/sequence.h"

namespace wireseam {
namespace {

constexpr size_t kMost = 10'000;  // as Wireshark 4.0

}  // namespace

// At least one.
class UnackedSegments::Several {
 public:
  explicit Several(const UnackedSegment& first) : segments_{first} {}

  void add(const UnackedSegment& segment);
  UnackedSegment acknowledge(uint32_t ack);
  uint32_t span(uint32_t base) const;
  // All were acknowledged.
  bool empty() const { return begin_ == segments_.size(); }

 private:
  UnackedSegment acknowledge_in_order(uint32_t ack);
  UnackedSegment acknowledge_any_order(uint32_t ack);

  std::vector<UnackedSegment> segments_;
  size_t begin_ = 0;     // those before it are gone
  bool ordered_ = true;  // each begins at or behind its predecessor's end
};

void UnackedSegments::Several::add(const UnackedSegment& segment) {
  if (segments_.size() - begin_ >= kMost) return;
  ordered_ = ordered_ && !sequence_before(segment.seq, segments_.back().next_seq);
  if (begin_ > 16 && begin_ > segments_.size() / 2) {
    segments_.erase(segments_.begin(), segments_.begin() + static_cast<ptrdiff_t>(begin_));
    begin_ = 0;
  }
  segments_.push_back(segment);
}

UnackedSegment UnackedSegments::Several::acknowledge(uint32_t ack) {
  return ordered_ ? acknowledge_in_order(ack) : acknowledge_any_order(ack);
}

UnackedSegment UnackedSegments::Several::acknowledge_in_order(uint32_t ack) {
  UnackedSegment found;
  while (begin_ < segments_.size() && !sequence_before(ack, segments_[begin_].next_seq)) {
    if (segments_[begin_].next_seq == ack && found.packet == 0) found = segments_[begin_];
    ++begin_;
  }
  if (begin_ < segments_.size() && sequence_before(segments_[begin_].seq, ack))
    segments_[begin_].seq = ack;
  return found;
}

UnackedSegment UnackedSegments::Several::acknowledge_any_order(uint32_t ack) {
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

uint32_t UnackedSegments::Several::span(uint32_t base) const {
  uint32_t first = segments_[begin_].seq - base;
  uint32_t last = segments_.back().next_seq - base;
  if (ordered_ && first <= last) return last - first;
  for (size_t i = begin_; i < segments_.size(); ++i) {
    first = std::min(first, segments_[i].seq - base);
    last = std::max(last, segments_[i].next_seq - base);
  }
  return last - first;
}

UnackedSegments::UnackedSegments() = default;
UnackedSegments::~UnackedSegments() = default;
UnackedSegments::UnackedSegments(UnackedSegments&&) noexcept = default;
UnackedSegments& UnackedSegments::operator=(UnackedSegments&&) noexcept = default;

void UnackedSegments::add(const UnackedSegment& segment) {
  if (several_) return several_->add(segment);
  if (only_.packet == 0) {
    only_ = segment;
    return;
  }
  several_ = std::make_unique<Several>(only_);
  several_->add(segment);
  only_ = {};
}

UnackedSegment UnackedSegments::acknowledge(uint32_t ack) {
  if (!several_) return acknowledge_only(ack);
  const UnackedSegment found = several_->acknowledge(ack);
  if (several_->empty()) several_.reset();
  return found;
}

UnackedSegment UnackedSegments::acknowledge_only(uint32_t ack) {
  UnackedSegment found;
  if (only_.packet == 0) return found;
  if (!sequence_before(ack, only_.next_seq)) {
    if (only_.next_seq == ack) found = only_;
    only_ = {};
  } else if (sequence_before(only_.seq, ack)) {
    only_.seq = ack;
  }
  return found;
}

uint32_t UnackedSegments::span(uint32_t base) const {
  return several_ ? several_->span(base) : only_.next_seq - only_.seq;
}

}  // namespace wireseam
