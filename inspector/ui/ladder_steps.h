// SPDX-License-Identifier: Apache-2.0
// The steps of a ladder: its packets and its calls in one order of time, each known by one number.
#pragma once

#include <cstdint>

#include "inspector/session/session.h"

namespace wireseam {

constexpr uint64_t step_of_segment(uint64_t index) { return index * 2; }
constexpr uint64_t step_of_call(uint64_t index) { return index * 2 + 1; }

// Null where the step is of the other kind, or fell away.
inline const SegmentRecord* segment_at(const Session& session, uint64_t step) {
  return step % 2 == 0 ? session.segments().find(step / 2) : nullptr;
}
inline const TracedCall* call_at(const Session& session, uint64_t step) {
  return step % 2 == 1 ? session.calls().find(step / 2) : nullptr;
}

inline bool has_fallen_away(const Session& session, uint64_t step) {
  return segment_at(session, step) == nullptr && call_at(session, step) == nullptr;
}

// A call stands where it acted on the wire, or learnt of it: what brings bytes or connections in at
// its end, all others at their beginning. The step must not have fallen away.
uint64_t time_of_step(const Session& session, uint64_t step);

}  // namespace wireseam
