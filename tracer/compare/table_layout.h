// SPDX-License-Identifier: Apache-2.0
// Lays cells out in columns. On a terminal the columns share its width, and what is longer is cut;
// else nothing is cut, and a cell that is longer than its column moves what stands behind it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wireseam {

using TableRow = std::vector<std::string>;

// The first row is the head. `width` 0: nothing is cut.
std::string lay_out(const std::vector<TableRow>& rows, size_t width);

// At most `width` columns: a call keeps its result, send(4, "HEL...) = 5.
std::string cut_to(std::string_view text, size_t width);

}  // namespace wireseam
