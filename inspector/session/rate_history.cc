// SPDX-License-Identifier: Apache-2.0
#include "inspector/session/rate_history.h"

#include <algorithm>
#include <limits>

namespace wireseam {
namespace {

constexpr uint64_t kSecondNs = 1'000'000'000;

}  // namespace

void RateHistory::add(uint64_t time_ns, Direction direction, uint64_t bytes) {
  const uint64_t second = time_ns / kSecondNs;
  if (newest_ == 0) first_ = newest_ = second;
  // A capture need not be in order; what is older than all that is kept tells nothing any more.
  if (second + kSeconds <= newest_) return;
  for (uint64_t next = std::max(newest_ + 1, second >= kSeconds ? second - kSeconds + 1 : 0);
       next <= second; ++next)
    seconds_[next % kSeconds] = {};
  newest_ = std::max(newest_, second);
  uint32_t& sum = seconds_[second % kSeconds][static_cast<size_t>(direction)];
  sum =
      static_cast<uint32_t>(std::min<uint64_t>(sum + bytes, std::numeric_limits<uint32_t>::max()));
}

uint64_t RateHistory::bytes(uint64_t second, Direction direction) const {
  if (second > newest_ || second + kSeconds <= newest_ || second < first_) return 0;
  return seconds_[second % kSeconds][static_cast<size_t>(direction)];
}

uint64_t RateHistory::rate(uint64_t now_ns, Direction direction) const {
  const uint64_t second = now_ns / kSecondNs;
  return bytes(second > first_ ? second - 1 : second, direction);
}

std::array<uint64_t, RateHistory::kSeconds> RateHistory::totals(uint64_t now_ns) const {
  std::array<uint64_t, kSeconds> totals{};
  const uint64_t now = now_ns / kSecondNs;
  for (size_t i = 0; i < kSeconds; ++i) {
    const uint64_t ago = kSeconds - 1 - i;
    if (ago > now) continue;
    totals[i] = bytes(now - ago, Direction::ToServer) + bytes(now - ago, Direction::ToClient);
  }
  return totals;
}

}  // namespace wireseam
