// SPDX-License-Identifier: Apache-2.0
// The lanes of one direction as a picture of a few lines, edges below each other where the bytes
// were cut at the same place:
//
//     bytes      0    4     45           109
//     sends      |4   |41   |64          |
//     segments   |#4        |#6          |
//     frames     |1                      |
//     receives   |109                    |
//
// The axis is stretched so that each bar has room for its label; it is no scale.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "common/byte_range.h"

namespace wireseam {

enum class LaneName : uint8_t { Sends, Segments, Frames, Receives };

class LanePicture {
 public:
  // In each lane in the order of the offsets. Only so many are kept as a picture can show.
  void add(LaneName lane, ByteRange range, std::string label);

  // Where the last bar of that lane ends; 0 where there is none.
  uint64_t end(LaneName lane) const;

  // Appends its lines, at most `width` columns each, with two blanks before each; nothing where it
  // is empty. What finds no room is left out behind "...".
  void append_to(std::string& out, size_t width) const;

 private:
  struct Bar {
    ByteRange range;
    std::string label;
  };
  struct Edge {
    uint64_t offset = 0;
    size_t column = 0;
  };

  std::vector<Edge> edges(size_t width) const;

  std::array<std::vector<Bar>, 4> lanes_;
};

}  // namespace wireseam
