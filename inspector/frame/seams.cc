// SPDX-License-Identifier: Apache-2.0
// Counts how frames and segments overlap. Bytes decide, never time.
#include "inspector/frame/seams.h"

#include <algorithm>

namespace wireseam {

void CountHistogram::add(uint64_t count) {
  const auto bucket = std::ranges::lower_bound(kLargest, count);
  ++times_[static_cast<size_t>(bucket - kLargest.begin())];
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
