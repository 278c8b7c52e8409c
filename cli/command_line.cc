// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <utility>
#include <vector>

#include "common/escape.h"

namespace wireseam {
namespace {

constexpr size_t kFarthest = 2;

// How many characters must be put in, taken away, changed or swapped with their neighbour to make
// one word of the other (Damerau and Levenshtein, one row of the table at a time).
size_t distance(std::string_view from, std::string_view to) {
  std::vector<size_t> before;
  std::vector<size_t> above(to.size() + 1);
  std::iota(above.begin(), above.end(), size_t{0});
  for (size_t i = 1; i <= from.size(); ++i) {
    std::vector<size_t> row{i};
    for (size_t j = 1; j <= to.size(); ++j) {
      const size_t changed = from[i - 1] == to[j - 1] ? 0 : 1;
      row.push_back(std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + changed}));
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::exchange(above, std::move(row));
  }
  return above.back();
}

}  // namespace

// Names of files and what a peer sent may be in it, so its lines are made fit for a terminal.
void warn(const std::string& message) {
  std::string text = "wireseam: ";
  for (size_t begin = 0; begin <= message.size();) {
    const size_t end = std::min(message.find('\n', begin), message.size());
    append_escaped(text, std::string_view(message).substr(begin, end - begin));
    text += '\n';
    begin = end + 1;
  }
  std::fputs(text.c_str(), stderr);
}

std::string suggestion(std::string_view mistyped, std::span<const std::string> words) {
  size_t nearest = kFarthest + 1;
  std::string found;
  for (const std::string& word : words) {
    const size_t steps = distance(mistyped, word);
    // Of a short word hardly anything would be left.
    if (steps >= nearest || steps * 2 > mistyped.size()) continue;
    nearest = steps;
    found = word;
  }
  return found.empty() ? "" : "; did you mean '" + found + "'?";
}

}  // namespace wireseam
