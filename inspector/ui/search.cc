// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/search.h"

#include <algorithm>
#include <cctype>

#include "common/escape.h"

namespace wireseam {
namespace {

// Where it stands from `begin` on; npos: nowhere.
size_t find_text(std::string_view text, std::string_view part, size_t begin) {
  const auto same = [](unsigned char a, unsigned char b) {
    return std::tolower(a) == std::tolower(b);
  };
  const auto found = std::search(text.begin() + static_cast<std::ptrdiff_t>(begin), text.end(),
                                 part.begin(), part.end(), same);
  return found == text.end() && !part.empty() ? text.npos
                                              : static_cast<size_t>(found - text.begin());
}

}  // namespace

std::string text_of(const Line& line) {
  std::string text;
  for (const Span& span : line.spans()) append_escaped(text, span.text);
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

bool contains_text(std::string_view text, std::string_view part) {
  return find_text(text, part, 0) != text.npos;
}

void mark_text(Canvas& canvas, const Rect& where, std::string_view part) {
  if (part.empty()) return;
  for (int at = where.row; at < where.row + where.size.rows; ++at) {
    const Canvas::Row row = canvas.row(at);
    for (size_t begin = find_text(row.text, part, 0); begin != row.text.npos;
         begin = find_text(row.text, part, begin + part.size())) {
      const int first = row.columns[begin];
      const int last = row.columns[begin + part.size() - 1];
      canvas.restyle({at, first, {1, last + 1 - first}}, Style::Mark);
    }
  }
}

}  // namespace wireseam
