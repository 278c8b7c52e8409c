// SPDX-License-Identifier: Apache-2.0
// Takes numbers and bytes from the front of a fuzzer's input; what is missing at its end is zero.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace wireseam {

class Input {
 public:
  explicit Input(std::span<const std::byte> bytes) : rest_(bytes) {}

  uint8_t byte() {
    const auto taken = bytes(1);
    return taken.empty() ? uint8_t{0} : static_cast<uint8_t>(taken[0]);
  }
  std::span<const std::byte> bytes(size_t size) {
    const auto taken = rest_.first(std::min(size, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  bool empty() const { return rest_.empty(); }

 private:
  std::span<const std::byte> rest_;
};

}  // namespace wireseam
