// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/ladder_steps.h"

namespace wireseam {
namespace {

bool comes_from_peer(const TracedCall& call) {
  return (call.moved && !call.sent()) || call.name.starts_with("accept") ||
         call.name.starts_with("recv") || call.name == "read" || call.name == "readv";
}

}  // namespace

uint64_t time_of_step(const Session& session, uint64_t step) {
  if (const SegmentRecord* segment = segment_at(session, step)) return segment->segment.time_ns;
  const TracedCall* call = call_at(session, step);
  return comes_from_peer(*call) ? call->end_ns() : call->begin_ns;
}

}  // namespace wireseam
