// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/table_layout.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace wireseam {
namespace {

constexpr std::string_view kGap = "  ";
constexpr std::string_view kDots = "...";
constexpr size_t kWidestUncut = 80;  // of a column that is not cut
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

// What narrow columns don't need goes to the wide ones, by their weights.
std::vector<size_t> share(const std::vector<size_t>& wanted, const TableColumns& columns) {
  const std::vector<size_t>& weights = columns.weights;
  std::vector<size_t> widths(wanted.size());
  std::vector<size_t> order(wanted.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, {}, [&](size_t i) { return wanted[i] / weights[i]; });
  size_t open = std::accumulate(weights.begin(), weights.end(), size_t{0});
  const size_t gaps = kGap.size() * (wanted.size() - 1);
  size_t rest = columns.width > gaps ? columns.width - gaps : 0;
  for (const size_t column : order) {
    const size_t fair = rest * weights[column] / open;
    widths[column] = std::min(wanted[column], std::max(fair, kNarrowest));
    rest -= std::min(rest, widths[column]);
    open -= weights[column];
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

// How long the name is in "echo.py:12 conn, addr = s.accept()"; 0 where the text is no such thing.
size_t file_name_before_line(std::string_view text) {
  const std::string_view place = text.substr(0, text.find(' '));
  const size_t colon = place.rfind(':');
  if (colon == place.npos || colon + 1 == place.size() || place.find('(') != place.npos) return 0;
  const bool is_line = place.find_first_not_of("0123456789", colon + 1) == place.npos;
  return is_line ? colon : 0;
}

std::set<std::string> files_in(const std::vector<TableRow>& rows, size_t column) {
  std::set<std::string> names;
  for (const TableRow& row : rows)
    if (const size_t size = file_name_before_line(row[column]))
      names.insert(row[column].substr(0, size));
  return names;
}

void shorten_places(std::vector<TableRow>& rows, const std::vector<size_t>& widths) {
  for (size_t i = 0; i < widths.size(); ++i) {
    const auto is_long = [&](const TableRow& row) {
      return file_name_before_line(row[i]) > 0 && columns_of(row[i]) > widths[i];
    };
    if (std::ranges::none_of(rows, is_long) || files_in(rows, i).size() > 1) continue;
    for (TableRow& row : rows) row[i].erase(0, file_name_before_line(row[i]));
  }
}

}  // namespace

std::string cut_to(std::string_view text, size_t width) {
  if (columns_of(text) <= width) return std::string(text);
  if (width <= kDots.size()) return std::string(kDots.substr(0, width));
  const std::string_view tail = result_of(text, width / 2);
  const size_t head = width - kDots.size() - columns_of(tail);
  return std::string(text.substr(0, bytes_of(text, head))).append(kDots).append(tail);
}

std::string lay_out(std::vector<TableRow> rows, const TableColumns& columns) {
  std::vector<size_t> widths = widest_cells(rows);
  const bool is_cut = columns.width > 0;
  if (is_cut) {
    shorten_places(rows, share(widths, columns));
    widths = share(widest_cells(rows), columns);
  } else {
    for (size_t& column : widths) column = std::min(column, kWidestUncut);
  }
  std::string out;
  for (const TableRow& row : rows) append_row(out, row, widths, is_cut);
  return out;
}

}  // namespace wireseam
