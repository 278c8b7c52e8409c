// SPDX-License-Identifier: Apache-2.0
// Counts how frames and segments overlap. Bytes decide, never time.
#include "inspector/frame/seams.h"

#include <algorithm>

namespace wireseam {

size_t CountHistogram::bucket_of(uint64_t count) {
  return static_cast<size_t>(std::ranges::lower_bound(kLargest, count) - kLargest.begin());
}

CountHistogram& CountHistogram::operator+=(const CountHistogram& other) {
  for (size_t bucket = 0; bucket < times_.size(); ++bucket) times_[bucket] += other.times_[bucket];
  return *this;
}

SeamCounts SeamCounts::of_aligned(uint64_t frames) {
  SeamCounts counts;
  counts.frames = counts.segments = counts.aligned = frames;
  counts.segments_of_frame.add(1, frames);
  counts.frames_of_segment.add(1, frames);
  return counts;
}

SeamCounts& SeamCounts::operator+=(const SeamCounts& other) {
  frames += other.frames;
  split += other.split;
  segments += other.segments;
  coalesced += other.coalesced;
  aligned += other.aligned;
  segments_of_frame += other.segments_of_frame;
  frames_of_segment += other.frames_of_segment;
  return *this;
}

void SeamCounts::add(const Frame& frame) {
  const uint64_t carriers = frame.parts.size() + frame.parts_left_out;
  ++frames;
  if (carriers > 1) ++split;
  segments_of_frame.add(carriers);
}

void SeamCounts::add(const Seams& segment) {
  ++segments;
  if (segment.touched() > 1) ++coalesced;
  if (segment.aligned()) ++aligned;
  frames_of_segment.add(segment.touched());
}

void SeamCounter::add(const Frame& frame) {
  if (frame.parts.size() == 1 && frame.parts_left_out == 0)
    ++unsplit_frames_;
  else
    others().add(frame);
}

void SeamCounter::add(const Seams& segment) {
  if (segment.aligned())
    ++aligned_segments_;
  else
    others().add(segment);
}

std::optional<SeamCounts> SeamCounter::counts() const {
  if (unsplit_frames_ == 0 && aligned_segments_ == 0 && !others_) return std::nullopt;
  SeamCounts counts = others_ ? *others_ : SeamCounts{};
  counts.frames += unsplit_frames_;
  counts.segments_of_frame.add(1, unsplit_frames_);
  counts.segments += aligned_segments_;
  counts.aligned += aligned_segments_;
  counts.frames_of_segment.add(1, aligned_segments_);
  return counts;
}

SeamCounts& SeamCounter::others() {
  if (!others_) others_ = std::make_unique<SeamCounts>();
  return *others_;
}

}  // namespace wireseam
