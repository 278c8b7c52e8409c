// SPDX-License-Identifier: Apache-2.0
// Time limits for poll(2) and epoll_wait(2).
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>

namespace wireseam::samples {

using Clock = std::chrono::steady_clock;

constexpr Clock::time_point kNever = Clock::time_point::max();

// The timeout argument that waits until then: 0 if it has passed, -1 for kNever.
inline int timeout_ms(Clock::time_point deadline) {
  if (deadline == kNever) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  return static_cast<int>(std::clamp<int64_t>(left.count(), 0, std::numeric_limits<int>::max()));
}

}  // namespace wireseam::samples
