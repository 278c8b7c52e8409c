// SPDX-License-Identifier: Apache-2.0
// Bytes of a stream laid on columns of the screen.
#pragma once

#include <algorithm>
#include <cstdint>

#include "common/byte_range.h"

namespace wireseam {

struct ByteAxis {
  uint64_t begin = 0;     // the byte at the first column
  uint64_t a_column = 1;  // bytes
  int columns = 1;

  ByteRange range() const { return {begin, begin + a_column * static_cast<uint64_t>(columns)}; }

  // Of what lies before or behind it the nearest column.
  int column_of(uint64_t byte) const {
    const uint64_t column = (std::max(byte, begin) - begin) / a_column;
    return static_cast<int>(std::min(column, static_cast<uint64_t>(columns)));
  }
};

}  // namespace wireseam
