// SPDX-License-Identifier: Apache-2.0
// Aligns two sequences so that the sum of what its pairs are worth is the highest, and no two pairs
// cross. Looks at a window of both at a time, so that its cost grows with their length alone.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace wireseam {

struct AlignedPair {
  size_t left;
  size_t right;

  bool operator==(const AlignedPair&) const = default;
};

// What a pair is worth; 0: these can't be a pair. kSurePair ends the search: nothing fits better.
using PairWorth = std::function<int(size_t left, size_t right)>;
inline constexpr int kSurePair = 10;

std::vector<AlignedPair> align(size_t left_size, size_t right_size, const PairWorth& worth);

}  // namespace wireseam
