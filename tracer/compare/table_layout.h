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

struct TableColumns {
  size_t width = 0;             // of all together; 0: nothing is cut
  std::vector<size_t> weights;  // what each gets of a width that is too small for all
};

// The first row is the head. Where places in a script ("echo.py:12 conn, addr = s.accept()") are
// too long for their column, and all of one script, its name is left out.
std::string lay_out(std::vector<TableRow> rows, const TableColumns& columns);

// At most `width` columns: a call keeps its result, send(4, "HEL...) = 5.
std::string cut_to(std::string_view text, size_t width);

}  // namespace wireseam
