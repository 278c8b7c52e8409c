// SPDX-License-Identifier: Apache-2.0
// The table by call, in the form of strace -c with more columns.
#include "tracer/trace/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace wireseam {
namespace {

constexpr double kNsPerSecond = 1e9;
constexpr double kNsPerMicrosecond = 1e3;

std::string_view name_of(const CallEvent& call, View view) {
  if (call.info == nullptr) return view == View::Libc ? "(unknown)" : "";
  return view == View::Libc ? call.info->name : call.info->syscall;
}

uint64_t mean_ns(const Summary::CallRow& row) {
  const uint64_t count = row.durations_ns.count();
  return count > 0 ? row.total_ns / count : 0;
}

// What rows are sorted by, largest first; names go the other way.
uint64_t sort_key(const Summary::CallRow& row, SummaryColumn column) {
  switch (column) {
    case SummaryColumn::Total:
      return row.total_ns;
    case SummaryColumn::Mean:
      return mean_ns(row);
    case SummaryColumn::Median:
      return row.durations_ns.percentile(0.5);
    case SummaryColumn::P99:
      return row.durations_ns.percentile(0.99);
    case SummaryColumn::Max:
      return row.durations_ns.max();
    case SummaryColumn::Calls:
      return row.durations_ns.count();
    case SummaryColumn::Errors:
      return row.errors;
    case SummaryColumn::Bytes:
      return row.bytes;
    case SummaryColumn::Name:
    case SummaryColumn::None:
      break;
  }
  return 0;
}

std::vector<const Summary::CallRow*> sorted(const std::vector<Summary::CallRow>& rows,
                                            SummaryColumn column) {
  std::vector<const Summary::CallRow*> order;
  for (const auto& row : rows) order.push_back(&row);
  std::ranges::stable_sort(order, [column](const auto* a, const auto* b) {
    if (column == SummaryColumn::Name) return a->name < b->name;
    return sort_key(*a, column) > sort_key(*b, column);
  });
  return order;
}

double microseconds(uint64_t ns) { return static_cast<double>(ns) / kNsPerMicrosecond; }

std::string number_or_blank(uint64_t value) { return value > 0 ? fmt::format("{}", value) : ""; }

std::string call_line(const Summary::CallRow& row, uint64_t total_ns) {
  const double share =
      total_ns > 0 ? 100.0 * static_cast<double>(row.total_ns) / static_cast<double>(total_ns) : 0;
  return fmt::format("{:6.2f} {:11.6f} {:11.1f} {:11.1f} {:11.1f} {:11.1f} {:9} {:>9} {:>12} {}\n",
                     share, static_cast<double>(row.total_ns) / kNsPerSecond,
                     microseconds(mean_ns(row)), microseconds(row.durations_ns.percentile(0.5)),
                     microseconds(row.durations_ns.percentile(0.99)),
                     microseconds(row.durations_ns.max()), row.durations_ns.count(),
                     number_or_blank(row.errors), number_or_blank(row.bytes), row.name);
}

}  // namespace

std::optional<SummaryColumn> summary_column(std::string_view name) {
  struct Alias {
    std::string_view name;
    SummaryColumn column;
  };
  using enum SummaryColumn;
  static constexpr Alias kAliases[] = {
      {"time", Total},
      {"time-total", Total},
      {"time_total", Total},
      {"total-time", Total},
      {"total_time", Total},
      {"avg-time", Mean},
      {"avg_time", Mean},
      {"time-avg", Mean},
      {"time_avg", Mean},
      {"p50", Median},
      {"p99", P99},
      {"max-time", Max},
      {"max_time", Max},
      {"time-max", Max},
      {"time_max", Max},
      {"calls", Calls},
      {"count", Calls},
      {"errors", Errors},
      {"error", Errors},
      {"bytes", Bytes},
      {"name", SummaryColumn::Name},
      {"syscall", SummaryColumn::Name},
      {"syscall-name", SummaryColumn::Name},
      {"syscall_name", SummaryColumn::Name},
      {"nothing", None},
      {"none", None},
  };
  const auto* row = std::ranges::find(kAliases, name, &Alias::name);
  if (row == std::end(kAliases)) return std::nullopt;
  return row->column;
}

Summary::Summary(SummaryOptions options, Filter filter)
    : options_(options), filter_(std::move(filter)) {}

void Summary::event(const Event& event) {
  const CallSockets about = sockets_.apply(event);
  if (const auto* begin = std::get_if<ProcessBeginEvent>(&event.what))
    connections_.begin(event, *begin);
  if (const auto* lost = std::get_if<LostEvent>(&event.what)) lost_ = lost->count;
  const auto* call = std::get_if<CallEvent>(&event.what);
  if (call != nullptr && (!filter_ || filter_(event))) {
    count(*call, about);
    connections_.count(event, *call, about);
  }
  if (std::holds_alternative<ProcessEndEvent>(event.what)) connections_.end(event);
}

void Summary::count(const CallEvent& call, const CallSockets& about) {
  if (call.state != CallState::Returned) {
    unfinished_ += call.number != CallNumber::exit ? 1 : 0;
    return;
  }
  const std::string_view name = name_of(call, options_.view);
  if (name.empty()) return;
  auto row = std::ranges::find(calls_, name, &CallRow::name);
  if (row == calls_.end())
    row = calls_.insert(calls_.end(), CallRow{.name = name, .durations_ns = {}});
  row->errors += call.failed() ? 1 : 0;
  row->bytes += about.transfer ? about.transfer->bytes : 0;
  row->total_ns += call.duration_ns;
  row->durations_ns.add(call.duration_ns);
}

std::string Summary::call_table() const {
  CallRow all{.name = "total", .durations_ns = {}};
  for (const CallRow& row : calls_) {
    all.errors += row.errors;
    all.bytes += row.bytes;
    all.total_ns += row.total_ns;
    all.durations_ns.add(row.durations_ns);
  }
  static constexpr std::string_view kRule =
      "------ ----------- ----------- ----------- ----------- ----------- --------- --------- "
      "------------ ----------------\n";
  std::string text =
      fmt::format("{:>6} {:>11} {:>11} {:>11} {:>11} {:>11} {:>9} {:>9} {:>12} {}\n", "% time",
                  "seconds", "usecs/call", "p50 usecs", "p99 usecs", "max usecs", "calls", "errors",
                  "bytes", options_.view == View::Libc ? "call" : "syscall");
  text += kRule;
  for (const CallRow* row : sorted(calls_, options_.sort)) text += call_line(*row, all.total_ns);
  text += kRule;
  return text + call_line(all, all.total_ns);
}

std::string Summary::report() const {
  std::string text = call_table();
  const std::string connections = connections_.table();
  if (!connections.empty()) text += "\n" + connections;
  if (unfinished_ > 0) text += fmt::format("\n{} calls never returned\n", unfinished_);
  if (lost_ > 0) text += fmt::format("\n{} calls could not be recorded and are missing\n", lost_);
  return text;
}

}  // namespace wireseam
