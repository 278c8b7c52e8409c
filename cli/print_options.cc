// SPDX-License-Identifier: Apache-2.0
// What an option means is strace(1)'s affair, or that of the man page wireseam-trace(1).
#include "cli/print_options.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include "cli/command_line.h"

namespace wireseam {
namespace {

constexpr int kMicroseconds = 6;
constexpr uint64_t kMaxColumn = 1000;
constexpr uint64_t kMaxStringLimit = UINT32_MAX;

void add_time_options(OptionParser& parser, TextOptions& text) {
  parser.count("-t", "Time of day; -tt with microseconds, -ttt since the epoch", [&](int times) {
    text.time_of_day = times >= 3 ? TimeOfDay::Epoch : TimeOfDay::Clock;
    text.time_digits = times >= 2 ? kMicroseconds : 0;
  });
  parser.flag("-r,--relative-timestamps", "Time since the line before",
              [&] { text.relative_time = true; });
  parser.flag("-T,--syscall-times", "Time spent in the call", [&] { text.durations = true; });
}

void add_string_options(OptionParser& parser, TextOptions& text) {
  parser.number("-s,--string-limit", "Show N bytes of a string (32)", kMaxStringLimit,
                [&](uint64_t limit) { text.string_limit = limit; });
  parser.count("-x", "Strings with unprintable bytes in hexadecimal; -xx all", [&](int times) {
    text.hex_strings = times >= 2 ? HexStrings::All : HexStrings::NonAscii;
  });
  parser.flag("-v,--no-abbrev", "Show arrays and structures whole",
              [&] { text.abbreviate = false; });
}

void add_line_options(OptionParser& parser, TextOptions& text) {
  parser.choice("--as", {"libc", "syscall"}, "What the program called, or the syscall behind it",
                [&](size_t view) { text.view = view == 0 ? View::Libc : View::Syscall; });
  parser.flag("--names", "Show the names of parameters", [&] { text.parameter_names = true; });
  parser.count(
      "-y,--decode-fds", "Descriptors with what they are; -yy with addresses", [&](int times) {
        text.descriptors = times >= 2 ? DescriptorDetail::Address : DescriptorDetail::Socket;
      });
  parser.number("-a,--columns", "The column of the result (40)", kMaxColumn,
                [&](uint64_t column) { text.result_column = column; });
  parser.count("-q,--quiet", "No lines about processes that begin; -qq nor exit", [&](int times) {
    text.show_process_starts = false;
    text.show_exits = times < 2;
  });
}

// What strace's -e has and we have not.
constexpr std::string_view kOtherClasses[] = {"abbrev", "decode-fds", "fault", "inject",
                                              "kvm",    "quiet",      "raw",   "read",
                                              "signal", "verbose",    "write"};

void add_expression(Filter& filter, const std::string& expression) {
  const std::string name = expression.substr(0, expression.find('='));
  if (name != expression && std::ranges::find(kOtherClasses, name) != std::end(kOtherClasses))
    throw UsageError("there is no -e " + name + "= here, only trace=, status= and fd=");
  filter.add(expression);
}

// A path and the one that it leads to, since a program may use either.
void add_path(Filter& filter, const std::string& path) {
  filter.add_path(path);
  std::error_code error;
  const auto real = std::filesystem::canonical(path, error);
  if (!error && real != path) filter.add_path(real.string());
}

void add_filter_options(OptionParser& parser, Filter& filter) {
  parser.text("-e", "EXPR", "Only trace=CALLS, status=STATUSES or fd=NUMBERS",
              [&](const std::string& expression) { add_expression(filter, expression); });
  parser.text("--trace", "CALLS", "The same as -e trace=CALLS",
              [&](const std::string& calls) { filter.select_calls(calls); });
  parser.text("--status", "STATUSES", "The same as -e status=STATUSES",
              [&](const std::string& statuses) { filter.select_statuses(statuses); });
  parser.flag("-z,--successful-only", "Only calls that succeeded",
              [&] { filter.select_statuses("successful"); });
  parser.flag("-Z,--failed-only", "Only calls that failed",
              [&] { filter.select_statuses("failed"); });
  parser.text("-P,--trace-path", "PATH", "Only calls about this file or UNIX socket",
              [&](const std::string& path) { add_path(filter, path); });
}

SummaryColumn parse_column(const std::string& name) {
  const auto column = summary_column(name);
  if (!column)
    throw UsageError(
        "-S takes time, avg-time, p50, p99, max-time, calls, errors, bytes, name or "
        "none, not '" +
        name + "'");
  return *column;
}

void add_summary_options(OptionParser& parser, PrintOptions& options) {
  parser.flag("-c,--summary-only", "Tables by call and by connection instead of the calls",
              [&] { options.tables = Tables::Only; });
  parser.flag("-C,--summary", "Both: the calls, then the tables",
              [&] { options.tables = Tables::Behind; });
  parser.text("-S,--summary-sort-by", "COLUMN",
              "Sort by time, calls, errors, bytes, name, p99, ...",
              [&](const std::string& name) { options.sort = parse_column(name); });
  parser.flag("-w,--summary-wall-clock", "Accepted: times are what the program waited", [] {});
}

void add_output_options(OptionParser& parser, PrintOptions& options) {
  parser.text("-o,--output", "FILE", "Print to FILE, or to the command of '|COMMAND'",
              [&](const std::string& target) { options.target = target; });
  parser.flag("-A,--output-append-mode", "Keep what is in FILE",
              [&] { options.start = FileStart::Append; });
  parser.count("-f,--follow-forks", "All are followed; -ff with -o: a FILE.TID for each thread",
               [&](int times) {
                 if (times >= 2) options.files = Files::OnePerThread;
               });
  parser.flag("--output-separately", "The same as -ff",
              [&] { options.files = Files::OnePerThread; });
  parser.choice("--color", {"auto", "always", "never"}, "auto: on a terminal without NO_COLOR",
                [&](size_t color) { options.color = static_cast<Color>(color); });
}

}  // namespace

void add_print_options(OptionParser& parser, PrintOptions& options) {
  parser.group("Output");
  add_output_options(parser, options);
  parser.group("Selection");
  add_filter_options(parser, options.filter);
  parser.group("Summary");
  add_summary_options(parser, options);
  parser.group("Format");
  add_line_options(parser, options.text);
  add_string_options(parser, options.text);
  add_time_options(parser, options.text);
}

void finish_print_options(PrintOptions& options) {
  // As strace has it: -ff is -f as long as there is no file to be parted.
  if (options.target.empty()) options.files = Files::One;
  if (options.files == Files::OnePerThread) {
    if (options.target.starts_with('|'))
      throw UsageError("-ff makes files: it can't print to a command");
    if (options.format == PrintFormat::Json)
      throw UsageError("-ff parts text only: each line of JSON names its thread");
    if (options.tables != Tables::None)
      throw UsageError("-ff parts calls: there is no table of a part");
  }
  if (options.format == PrintFormat::Json && options.tables != Tables::None)
    throw UsageError("-c and -C print text: leave JSON out");
  if (!options.target.empty()) options.text.thread_prefix = ThreadPrefix::Always;
}

}  // namespace wireseam
