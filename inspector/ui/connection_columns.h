// SPDX-License-Identifier: Apache-2.0
// The columns of the connections: a row of one table each.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inspector/session/session.h"

namespace wireseam {

struct ConnectionColumn {
  std::string_view title;
  int width;     // 0: as wide as its texts
  int priority;  // the larger ones leave first where there is no room
  bool right;    // numbers stand at the right
  bool trouble;  // more than none is bad
  std::string (*text)(const ConnectionRecord&, uint64_t now_ns);
  uint64_t (*sorted_by)(const ConnectionRecord&, uint64_t now_ns);
};

std::span<const ConnectionColumn> connection_columns();

struct PlacedColumn {
  size_t index = 0;
  int width = 0;
};

// Those that have room in a line of `width`, with the connections that are shown.
std::vector<PlacedColumn> place_columns(std::span<const ConnectionRecord* const> shown,
                                        uint64_t now_ns, int width);

}  // namespace wireseam
