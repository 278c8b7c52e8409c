// SPDX-License-Identifier: Apache-2.0
// JSON text as a tree: a line for each value.
#pragma once

#include <string_view>
#include <vector>

#include "inspector/ui/line.h"

namespace wireseam {

// What is no JSON is one line, as it is.
std::vector<Line> json_lines(std::string_view text);

}  // namespace wireseam
