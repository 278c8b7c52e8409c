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

}  // namespace wireseam
