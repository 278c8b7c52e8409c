// SPDX-License-Identifier: Apache-2.0
#include "common/byte_range.h"

#include "tests/unit/catch2.h"

using wireseam::ByteRange;
using wireseam::intersection;

TEST_CASE("ranges that only touch do not overlap") {
  CHECK_FALSE(ByteRange{0, 4}.overlaps({4, 8}));
  CHECK(ByteRange{0, 5}.overlaps({4, 8}));
}

TEST_CASE("an empty range overlaps nothing, not even where it lies") {
  CHECK_FALSE(ByteRange{2, 2}.overlaps({0, 4}));
}

TEST_CASE("the intersection is what both ranges have") {
  CHECK(intersection({0, 10}, {4, 20}) == ByteRange{4, 10});
  CHECK(intersection({4, 6}, {0, 20}) == ByteRange{4, 6});
  CHECK(intersection({0, 4}, {8, 9}).empty());
  CHECK(intersection({8, 9}, {0, 4}).empty());
}
