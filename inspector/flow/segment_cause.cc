// SPDX-License-Identifier: Apache-2.0
#include "inspector/flow/segment_cause.h"

#include <algorithm>

namespace wireseam {
namespace {

// Linux's shortest time-out is 200 ms, others' are longer (RFC 6298: a second).
constexpr uint64_t kShortestTimeOutNs = 180'000'000;
// How long a segment may be on its way behind those that overtook it, if nothing is known.
constexpr uint64_t kOvertakenNs = 3'000'000;
constexpr uint64_t kTickNs = 1'000'000;  // of Linux's timestamps
constexpr uint64_t kShortestProbeNs = 1'000'000;

Recovery begun_by(const SentAgain& segment) {
  if (segment.silence_ns >= kShortestTimeOutNs) return Recovery::TimeOut;
  return segment.hole_reported ? Recovery::Fast : Recovery::None;
}

bool is_tail_probe(const SentAgain& segment) {
  const uint64_t pause_ns = std::max(segment.rtt_ns + segment.rtt_ns / 2, kShortestProbeNs);
  return segment.end == segment.newest && !segment.syn && !segment.hole_reported &&
         segment.silence_ns >= pause_ns && segment.silence_ns < kShortestTimeOutNs;
}

Cause cause_of_retransmission(const SentAgain& segment, Half& half) {
  if (segment.received) return Cause::SpuriousRetransmission;
  if (is_tail_probe(segment)) return Cause::TailProbe;
  const Recovery begun = begun_by(segment);
  Incidents& incidents = half.incidents.change();
  const bool goes_on =
      incidents.recovery != Recovery::None && segment.begin < incidents.recovery_end;
  if (!goes_on || begun == Recovery::TimeOut) {
    incidents.recovery = begun;
    incidents.recovery_end = segment.newest;
  }
  return incidents.recovery == Recovery::Fast ? Cause::FastRetransmission : Cause::Retransmission;
}

// A sender hears of a hole a round trip after it has shown; what comes earlier was under way.
uint64_t under_way_ns(const SentAgain& segment) {
  return segment.rtt_ns != 0 ? segment.rtt_ns / 16 * 15 : kOvertakenNs;
}

bool was_overtaken(const SentAgain& segment) {
  if (segment.fresh == 0) return false;
  const uint64_t soon_ns = under_way_ns(segment);
  if (segment.order == Order::Unknown) return segment.hole_age_ns < soon_ns;
  // What showed the hole was sent in an earlier tick: this one was sent after it.
  if (!segment.hole_in_tick) return false;
  return soon_ns >= kTickNs || segment.hole_age_ns < soon_ns;
}

}  // namespace

Cause cause_of(const SentAgain& segment, Half& half) {
  switch (segment.order) {
    case Order::Same:
      return Cause::NetworkDuplicate;
    case Order::Older:
      return Cause::Reordered;
    case Order::Newer:
      return cause_of_retransmission(segment, half);
    case Order::Together:
    case Order::Unknown:
      break;
  }
  // A SYN is not repeated before a second has gone by (RFC 6298 section 2).
  if (segment.syn && segment.silence_ns < kShortestTimeOutNs) return Cause::NetworkDuplicate;
  if (segment.copy_age_ns < under_way_ns(segment)) return Cause::NetworkDuplicate;
  if (was_overtaken(segment)) return Cause::Reordered;
  return cause_of_retransmission(segment, half);
}

}  // namespace wireseam
