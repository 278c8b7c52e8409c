// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/log_histogram.h"

#include <cmath>

#include "tests/unit/catch2.h"

using wireseam::LogHistogram;

namespace {

// What a histogram makes of one value among greater ones.
double seen_as(uint64_t value) {
  LogHistogram histogram;
  histogram.add(value);
  histogram.add(UINT64_MAX);
  return static_cast<double>(histogram.percentile(0.5));
}

}  // namespace

TEST_CASE("an empty histogram has percentiles of 0") {
  CHECK(LogHistogram().percentile(0.5) == 0);
  CHECK(LogHistogram().max() == 0);
}

TEST_CASE("small values are exact") {
  for (uint64_t value = 0; value < 128; ++value)
    CHECK(seen_as(value) == static_cast<double>(value));
}

TEST_CASE("no value is told more than 0.8 % wrong") {
  for (uint64_t value = 128; value < UINT64_MAX / 2; value += value / 100) {
    const auto exact = static_cast<double>(value);
    const double error = std::abs(seen_as(value) - exact) / exact;
    if (error >= 0.008) FAIL(value << " is seen as " << seen_as(value));
  }
}

TEST_CASE("percentiles are those of all values, and never above the greatest") {
  LogHistogram histogram;
  for (uint64_t value = 1; value <= 100; ++value) histogram.add(value);
  CHECK(histogram.percentile(0) == 1);
  CHECK(histogram.percentile(0.5) == 50);
  CHECK(histogram.percentile(0.99) == 99);
  CHECK(histogram.percentile(1) == 100);
  histogram.add(1000);
  CHECK(histogram.percentile(1) == 1000);
  CHECK(histogram.max() == 1000);
}

TEST_CASE("histograms add up") {
  LogHistogram low;
  low.add(1);
  LogHistogram high;
  for (int i = 0; i < 3; ++i) high.add(5000);
  low.add(high);
  CHECK(low.count() == 4);
  CHECK(low.percentile(0.25) == 1);
  CHECK(low.percentile(0.5) == 5000);
}
