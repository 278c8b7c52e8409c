// SPDX-License-Identifier: Apache-2.0
// Counts values of any size in a few kilobytes, to tell percentiles of them. Buckets grow with the
// values (64 for each power of two), so that a percentile is wrong by less than 0.8 %; values below
// 128 are exact.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wireseam {

class LogHistogram {
 public:
  void add(uint64_t value);
  void add(const LogHistogram& other);

  uint64_t count() const { return count_; }
  uint64_t max() const { return max_; }

  // The value that `fraction` (0 to 1) of all values do not exceed; 0 where there are none.
  uint64_t percentile(double fraction) const;

 private:
  std::vector<uint64_t> buckets_;  // as many as the largest value needs, at most 3,776
  uint64_t count_ = 0;
  uint64_t max_ = 0;
};

}  // namespace wireseam
