// SPDX-License-Identifier: Apache-2.0
#include "inspector/join/alignment.h"

#include <algorithm>

namespace wireseam {
namespace {

// So much may wait in one direction until it is handed over with what is there.
constexpr size_t kMost = 1 << 16;

}  // namespace

void Alignment::settle(AlignmentSink& sink) {
  uint64_t end = 0;
  Next which = next(end);
  bool changed = which == Next::None;
  for (; which != Next::None; which = next(end)) {
    const bool whole = all_reach(end);
    if (!whole && size() <= kMost) break;
    hand_over(which, whole, sink);
    changed = true;
    if (!whole) drop();
  }
  if (changed) drop();
}

void Alignment::hand_over_calls(uint64_t until_ns, AlignmentSink& sink) {
  const CallSpan* call = next_call();
  for (; call != nullptr && call->end_ns() <= until_ns; call = next_call()) {
    if (!segments.reaches(call->range.end)) return;
    hand_over(call == sends.next() ? Next::Send : Next::Receive, false, sink);
  }
}

std::optional<uint64_t> Alignment::waiting_since() const {
  const CallSpan* call = next_call();
  return call == nullptr ? std::nullopt : std::optional(call->end_ns());
}

// The one that ends first of sends and receives.
const CallSpan* Alignment::next_call() const {
  const CallSpan* sent = sends.next();
  const CallSpan* received = receives.next();
  if (sent == nullptr || received == nullptr) return sent != nullptr ? sent : received;
  return sent->range.end <= received->range.end ? sent : received;
}

void Alignment::close(AlignmentSink& sink) {
  sends.close();
  segments.close();
  frames.close();
  receives.close();
  settle(sink);
}

// The one that ends first, and where that is.
Alignment::Next Alignment::next(uint64_t& end) const {
  Next first = Next::None;
  const auto consider = [&](const auto* span, Next which) {
    if (span == nullptr || (first != Next::None && span->range.end >= end)) return;
    first = which;
    end = span->range.end;
  };
  consider(sends.next(), Next::Send);
  consider(frames.next(), Next::Frame);
  consider(receives.next(), Next::Receive);
  return first;
}

bool Alignment::all_reach(uint64_t end) const {
  return sends.reaches(end) && segments.reaches(end) && frames.reaches(end) &&
         receives.reaches(end);
}

Beside Alignment::beside(ByteRange range, bool whole) const {
  return {sends.overlapping(range), segments.overlapping(range), frames.overlapping(range),
          receives.overlapping(range), whole};
}

void Alignment::hand_over(Next next, bool whole, AlignmentSink& sink) {
  switch (next) {
    case Next::None:
      break;
    case Next::Send:
      sink.send(*sends.next(), beside(sends.next()->range, whole));
      sends.take();
      break;
    case Next::Frame:
      sink.frame(*frames.next(), beside(frames.next()->range, whole));
      frames.take();
      break;
    case Next::Receive:
      sink.receive(*receives.next(), beside(receives.next()->range, whole));
      receives.take();
      break;
  }
}

void Alignment::drop() {
  segments.take_all();
  if (size() > kMost) given_up_ = std::max(given_up_, segments.first_end());
  const uint64_t needed = std::max(
      given_up_, std::min({sends.needed_from(), frames.needed_from(), receives.needed_from()}));
  sends.drop_until(needed);
  segments.drop_until(needed);
  frames.drop_until(needed);
  receives.drop_until(needed);
}

}  // namespace wireseam
