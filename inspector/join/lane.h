// SPDX-License-Identifier: Apache-2.0
// One lane of a direction's axis: spans in the order of their offsets, of which the oldest are let
// go of when all lanes are past them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "common/byte_range.h"

namespace wireseam {

enum class LaneState : uint8_t {
  Live,    // more may come: who wants to know what lies in it has to wait
  Closed,  // there is nothing, or no more will come
};

// `Span` has a `range`; each begins where the one before it ended, or behind that.
template <typename Span>
class Lane {
 public:
  // Takes what it is given; a lane that was thought to be closed is live again.
  void add(Span span) {
    state_ = LaneState::Live;
    covered_ = std::max(covered_, span.range.end);
    spans_.push_back(std::move(span));
  }
  // The bytes up to there are in no span that is still to come.
  void cover(uint64_t end) { covered_ = std::max(covered_, end); }
  void close() { state_ = LaneState::Closed; }
  uint64_t covered() const { return covered_; }

  bool reaches(uint64_t end) const { return state_ == LaneState::Closed || covered_ >= end; }

  // The newest one, unless it was taken; null then.
  Span* newest() { return next_ < spans_.size() ? &spans_.back() : nullptr; }

  // Takes those back that were not taken and reach beyond that offset; calls visit(span) for each.
  template <typename Visit>
  void take_back(uint64_t from, Visit visit) {
    while (next_ < spans_.size() && spans_.back().range.end > from) {
      visit(std::as_const(spans_.back()));
      spans_.pop_back();
    }
  }

  // The oldest span that was not taken; null where there is none. Valid until the next add.
  const Span* next() const { return next_ < spans_.size() ? &spans_[next_] : nullptr; }
  void take() { ++next_; }
  void take_all() { next_ = spans_.size(); }

  // Where the oldest one ends that is still there; 0 where there is none.
  uint64_t first_end() const { return first_ < spans_.size() ? spans_[first_].range.end : 0; }

  // Offset before which this lane needs nothing of the others.
  uint64_t needed_from() const {
    if (const Span* span = next()) return span->range.begin;
    return state_ == LaneState::Closed ? UINT64_MAX : covered_;
  }

  // Those that have bytes of the range. Valid until the next add.
  std::span<const Span> overlapping(ByteRange range) const {
    const auto first =
        std::partition_point(spans_.begin() + static_cast<std::ptrdiff_t>(first_), spans_.end(),
                             [&](const Span& span) { return span.range.end <= range.begin; });
    const auto last = std::partition_point(
        first, spans_.end(), [&](const Span& span) { return span.range.begin < range.end; });
    return {first, last};
  }

  // Lets go of spans that were taken and end before that offset.
  void drop_until(uint64_t offset) {
    while (first_ < next_ && spans_[first_].range.end <= offset) ++first_;
    if (first_ < kFewest || first_ * 2 < spans_.size()) return;
    spans_.erase(spans_.begin(), spans_.begin() + static_cast<std::ptrdiff_t>(first_));
    next_ -= first_;
    first_ = 0;
  }

  size_t size() const { return spans_.size() - first_; }

 private:
  static constexpr size_t kFewest = 64;  // worth moving the rest

  std::vector<Span> spans_;
  size_t first_ = 0;  // that is still there
  size_t next_ = 0;   // that was not taken
  uint64_t covered_ = 0;
  LaneState state_ = LaneState::Live;
};

}  // namespace wireseam
