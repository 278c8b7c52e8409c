// SPDX-License-Identifier: Apache-2.0
#include "tracer/compare/comparison_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "common/count_text.h"
#include "tracer/compare/source_lines.h"
#include "tracer/compare/table_layout.h"

namespace wireseam {
namespace {

constexpr std::string_view kNothing = "-";

bool is_shown(const ComparedRow& row, const ComparisonStyle& style) {
  return style.rows == RowChoice::All || row.verdict != Verdict::Same;
}

TableRow head(const ComparisonStyle& style) {
  TableRow row;
  if (style.api == ApiColumn::Shown) row.emplace_back("operation");
  row.insert(row.end(), {"libc call", "syscall", "what differs"});
  return row;
}

// What differs is mostly short, and the other columns say what it is about.
TableColumns columns_of(const ComparisonStyle& style) {
  TableColumns columns{.width = style.width, .weights = {3, 3, 2}};
  if (style.api == ApiColumn::Shown) columns.weights.insert(columns.weights.begin(), 4);
  return columns;
}

// The rows of a thread as cells: one for each system call.
class ThreadTable {
 public:
  ThreadTable(const ThreadComparison& thread, const ComparisonStyle& style, SourceLines& sources)
      : thread_(thread), style_(style), sources_(sources), rows_{head(style)} {}

  void add(const ComparedRow& row) {
    const std::string operation = operation_of(row);
    for (size_t i = 0; i < std::max<size_t>(row.syscalls.size(), 1); ++i) {
      TableRow cells;
      if (style_.api == ApiColumn::Shown) cells.push_back(i == 0 ? operation : "");
      cells.push_back(i == 0 ? libc_of(row) : "");
      cells.push_back(i < row.syscalls.size() ? thread_.kernel.calls[row.syscalls[i]].text
                                              : std::string(kNothing));
      cells.push_back(i == 0 ? row.words : "");
      rows_.push_back(std::move(cells));
    }
  }

  bool empty() const { return rows_.size() == 1; }
  std::string text() const { return lay_out(rows_, columns_of(style_)); }

 private:
  std::string libc_of(const ComparedRow& row) const {
    return row.libc ? thread_.libc.calls[*row.libc].text : std::string(kNothing);
  }

  // Once for all calls of one operation.
  std::string operation_of(const ComparedRow& row) {
    if (style_.api == ApiColumn::Hidden) return {};
    const bool again = row.operation && row.operation == last_operation_;
    last_operation_ = row.operation;
    if (again) return {};
    if (!row.operation) return std::string(kNothing);
    return sources_.describe(thread_.kernel.operations[*row.operation]);
  }

  const ThreadComparison& thread_;
  const ComparisonStyle& style_;
  SourceLines& sources_;
  std::optional<size_t> last_operation_;
  std::vector<TableRow> rows_;
};

std::string thread_name(const ThreadComparison& thread) {
  const std::string process = fmt::format("process {} ({})", thread.pid, thread.program);
  if (thread.tid == thread.pid) return process + "\n";
  return fmt::format("{}, thread {}\n", process, thread.tid);
}

// What makes rows of the summary distinct, in the order of its columns.
TableRow summary_key(const ThreadComparison& thread, const ComparedRow& row,
                     const ComparisonStyle& style, SourceLines& sources) {
  TableRow key;
  if (style.api == ApiColumn::Shown)
    key.push_back(row.operation ? sources.describe(thread.kernel.operations[*row.operation])
                                : std::string(kNothing));
  key.emplace_back(row.libc ? thread.libc.calls[*row.libc].info->name : kNothing);
  std::vector<std::string> names;
  for (const size_t syscall : row.syscalls) {
    const std::string_view text = thread.kernel.calls[syscall].text;
    const std::string name(text.substr(0, text.find('(')));
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  key.push_back(names.empty() ? std::string(kNothing) : fmt::format("{}", fmt::join(names, ", ")));
  key.push_back(row.words);
  return key;
}

}  // namespace

std::string comparison_table(const Comparison& comparison, const ComparisonStyle& style) {
  SourceLines sources;
  std::string text;
  const bool names = comparison.threads.size() > 1;
  for (const ThreadComparison& thread : comparison.threads) {
    ThreadTable table(thread, style, sources);
    for (const ComparedRow& row : thread.rows)
      if (is_shown(row, style)) table.add(row);
    if (table.empty()) continue;
    if (names) text += thread_name(thread);
    text += table.text() + "\n";
  }
  return text + totals_line(comparison);
}

std::string comparison_summary(const Comparison& comparison, const ComparisonStyle& style) {
  SourceLines sources;
  std::vector<TableRow> rows;
  std::map<TableRow, size_t> index;
  std::vector<uint64_t> counts;
  for (const ThreadComparison& thread : comparison.threads) {
    for (const ComparedRow& row : thread.rows) {
      if (!is_shown(row, style)) continue;
      const TableRow key = summary_key(thread, row, style, sources);
      const auto [found, is_new] = index.try_emplace(key, rows.size());
      if (is_new) rows.push_back(key);
      if (is_new) counts.push_back(0);
      ++counts[found->second];
    }
  }
  std::vector<TableRow> table = {head(style)};
  table.front().insert(table.front().begin(), "times");
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i].insert(rows[i].begin(), fmt::format("{:>5}", counts[i]));
    table.push_back(std::move(rows[i]));
  }
  TableColumns columns = columns_of(style);
  columns.weights.insert(columns.weights.begin(), 1);
  return lay_out(table, columns) + "\n" + totals_line(comparison);
}

std::string totals_line(const Comparison& comparison) {
  const ComparisonTotals& totals = comparison.totals;
  std::string line = fmt::format("{}, {} differing, {} inside libc, {} unexplained",
                                 count_text(totals.pairs, "pair"), totals.differing,
                                 count_text(totals.inside_libc, "system call"), totals.unexplained);
  if (totals.out_of_sight > 0) line += fmt::format(", {} out of sight", totals.out_of_sight);
  if (comparison.lost > 0)
    line += fmt::format("; {} could not be recorded", count_text(comparison.lost, "call"));
  return line + "\n";
}

}  // namespace wireseam
