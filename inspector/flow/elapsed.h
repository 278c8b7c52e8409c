// SPDX-License-Identifier: Apache-2.0
// Time between two packets, which a capture need not have in order.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace wireseam {

// Zero where `now_ns` is the earlier one.
inline uint64_t elapsed_ns(uint64_t since_ns, uint64_t now_ns) {
  return now_ns > since_ns ? now_ns - since_ns : 0;
}

// The same whichever of them is later.
inline uint64_t apart_ns(uint64_t a_ns, uint64_t b_ns) {
  return a_ns < b_ns ? b_ns - a_ns : a_ns - b_ns;
}

// Below zero where `until_ns` is the earlier one.
inline int64_t between_ns(uint64_t since_ns, uint64_t until_ns) {
  constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
  const auto apart = static_cast<int64_t>(std::min(apart_ns(since_ns, until_ns), kMost));
  return until_ns < since_ns ? -apart : apart;
}

}  // namespace wireseam
