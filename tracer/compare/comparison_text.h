// SPDX-License-Identifier: Apache-2.0
// A comparison as a table: operation, libc call, system call, what differs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "tracer/compare/comparison.h"

namespace wireseam {

enum class RowChoice : uint8_t { All, Differing };
enum class ApiColumn : uint8_t { Hidden, Shown };

struct ComparisonStyle {
  RowChoice rows = RowChoice::All;
  ApiColumn api = ApiColumn::Hidden;
  size_t width = 0;  // of the terminal; 0: nothing is cut
};

// A table for each thread, and the line of totals.
std::string comparison_table(const Comparison& comparison, const ComparisonStyle& style);

// Each distinct row once, by the names of its calls, with how often there was one; and the totals.
std::string comparison_summary(const Comparison& comparison, const ComparisonStyle& style);

// 12 pairs, 4 differing, 3 system calls inside libc, 0 unexplained
std::string totals_line(const Comparison& comparison);

}  // namespace wireseam
