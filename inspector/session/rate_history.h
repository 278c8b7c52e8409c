// SPDX-License-Identifier: Apache-2.0
// How many bytes went each way in each of the last seconds.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "inspector/flow/segment.h"

namespace wireseam {

class RateHistory {
 public:
  static constexpr size_t kSeconds = 16;

  void add(uint64_t time_ns, Direction direction, uint64_t bytes);

  // In the last whole second before now; of what has just begun, so far.
  uint64_t rate(uint64_t now_ns, Direction direction) const;

  // Both directions together, by second, the newest last.
  std::array<uint64_t, kSeconds> totals(uint64_t now_ns) const;

 private:
  using Second = std::array<uint32_t, 2>;  // by Direction

  uint64_t bytes(uint64_t second, Direction direction) const;

  std::array<Second, kSeconds> seconds_{};
  uint64_t first_ = 0;  // second since the Epoch
  uint64_t newest_ = 0;
};

}  // namespace wireseam
