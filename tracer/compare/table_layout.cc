// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/table_layout.h"

#include <algorithm>
#include <numeric>

namespace wireseam {
namespace {

constexpr std::string_view kGap = "  ";
constexpr std::string_view kDots = "...";
constexpr size_t kWidestUncut = 60;  // of a column that is not cut
constexpr size_t kNarrowest = 8;

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Characters, each counted as one column.
size_t columns_of(std::string_view text) {
  return text.size() - static_cast<size_t>(std::ranges::count_if(text, continues_character));
}

// The bytes of so many characters.
size_t bytes_of(std::string_view text, size_t columns) {
  size_t size = 0;
  for (; size < text.size(); ++size)
    if (!continues_character(text[size]) && columns-- == 0) break;
  return size;
}

std::vector<size_t> widest_cells(const std::vector<TableRow>& rows) {
  std::vector<size_t> widths(rows.front().size());
  for (const TableRow& row : rows)
    for (size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], columns_of(row[i]));
  return widths;
}

// What narrow columns don't need goes to the wide ones, each of which gets as much as the others.
std::vector<size_t> share(const std::vector<size_t>& wanted, size_t width) {
  std::vector<size_t> widths(wanted.size());
  std::vector<size_t> order(wanted.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, {}, [&](size_t i) { return wanted[i]; });
  const size_t gaps = kGap.size() * (wanted.size() - 1);
  size_t rest = width > gaps ? width - gaps : 0;
  for (size_t done = 0; done < order.size(); ++done) {
    const size_t column = order[done];
    widths[column] = std::min(wanted[column], std::max(rest / (order.size() - done), kNarrowest));
    rest -= std::min(rest, widths[column]);
  }
  return widths;
}

void append_row(std::string& out, const TableRow& row, const std::vector<size_t>& widths,
                bool is_cut) {
  std::string line;
  for (size_t i = 0; i < row.size(); ++i) {
    const std::string cell = is_cut ? cut_to(row[i], widths[i]) : row[i];
    line += cell;
    line.append(widths[i] - std::min(widths[i], columns_of(cell)), ' ');
    if (i + 1 < row.size()) line += kGap;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + "\n";
}

// ") = -1 EAGAIN (Resource temporarily unavailable)", without its explanation where that makes it
// too long; empty where there is none, or it is too long all the same.
std::string_view result_of(std::string_view text, size_t limit) {
  const size_t begin = text.rfind(") = ");
  if (begin == text.npos) return {};
  const std::string_view result = text.substr(begin);
  if (columns_of(result) <= limit) return result;
  const std::string_view bare = result.substr(0, result.find(" (", 1));
  return columns_of(bare) <= limit ? bare : std::string_view();
}

}  // namespace

std::string cut_to(std::string_view text, size_t width) {
  if (columns_of(text) <= width) return std::string(text);
  if (width <= kDots.size()) return std::string(kDots.substr(0, width));
  const std::string_view tail = result_of(text, width / 2);
  const size_t head = width - kDots.size() - columns_of(tail);
  return std::string(text.substr(0, bytes_of(text, head))).append(kDots).append(tail);
}

std::string lay_out(const std::vector<TableRow>& rows, size_t width) {
  std::vector<size_t> widths = widest_cells(rows);
  if (width > 0)
    widths = share(widths, width);
  else
    for (size_t& column : widths) column = std::min(column, kWidestUncut);
  std::string out;
  for (const TableRow& row : rows) append_row(out, row, widths, width > 0);
  return out;
}

}  // namespace wireseam
