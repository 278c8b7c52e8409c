// SPDX-License-Identifier: Apache-2.0
// A value of n bits lies in the bucket of its n and its 7 highest bits, the first of which is
// always set: the same idea as HdrHistogram's. Below 128 a value is its own bucket.
#include "tracer/trace/log_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace wireseam {
namespace {

constexpr int kBits = 7;
constexpr uint64_t kExact = uint64_t{1} << kBits;  // values below are exact
constexpr uint64_t kPerPower = kExact / 2;

// How far a value is shifted to leave its highest bits.
int shift_of(uint64_t value) {
  return std::max(static_cast<int>(std::bit_width(value)) - kBits, 0);
}

size_t bucket_of(uint64_t value) {
  const int shift = shift_of(value);
  return static_cast<size_t>(shift) * kPerPower + (value >> shift);
}

// The middle of a bucket's values.
uint64_t middle_of(size_t bucket) {
  if (bucket < kExact) return bucket;
  const auto shift = static_cast<int>(bucket / kPerPower - 1);
  const uint64_t first = (bucket - static_cast<size_t>(shift) * kPerPower) << shift;
  return first + (uint64_t{1} << shift) / 2;
}

}  // namespace

void LogHistogram::add(uint64_t value) {
  const size_t bucket = bucket_of(value);
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  ++count_;
  max_ = std::max(max_, value);
}

void LogHistogram::add(const LogHistogram& other) {
  if (other.buckets_.size() > buckets_.size()) buckets_.resize(other.buckets_.size());
  for (size_t i = 0; i < other.buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

uint64_t LogHistogram::percentile(double fraction) const {
  const auto rank = static_cast<uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
  uint64_t seen = 0;
  for (size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen > 0 && seen >= rank) return std::min(middle_of(bucket), max_);
  }
  return max_;
}

}  // namespace wireseam
