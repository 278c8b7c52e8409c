// SPDX-License-Identifier: Apache-2.0
// What an option means is strace(1)'s affair, or that of the man page wireseam-trace(1).
#include "cli/print_options.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>

#include "cli/command_line.h"
#include "cli/expression.h"
#include "cli/text_settings.h"

namespace wireseam {
namespace {

constexpr uint64_t kMaxColumn = 1000;
constexpr uint64_t kMaxStringLimit = UINT32_MAX;

void add_time_options(OptionParser& parser, TextOptions& text) {
  parser.level("-t,--absolute-timestamps,--timestamps", "[=FORMAT,PRECISION]",
               "Time of day; -tt with microseconds, -ttt since the epoch",
               [&](const std::string& words) { set_time_of_day(text, words); });
  parser.level("-r,--relative-timestamps", "[=PRECISION]", "Time since the line before",
               [&](const std::string& word) {
                 text.relative_time = true;
                 text.relative_digits = parse_precision("--relative-timestamps", word);
               });
  parser.level("-T,--syscall-times", "[=PRECISION]", "Time spent in the call",
               [&](const std::string& word) {
                 text.durations = true;
                 text.duration_digits = parse_precision("--syscall-times", word);
               });
}

void add_string_options(OptionParser& parser, TextOptions& text) {
  parser.number("-s,--string-limit", "Show N bytes of a string (32)", kMaxStringLimit,
                [&](uint64_t limit) { text.string_limit = limit; });
  parser.level("-x", "", "Strings with unprintable bytes in hexadecimal; -xx all",
               [&](const std::string&) {
                 text.hex_strings =
                     text.hex_strings == HexStrings::None ? HexStrings::NonAscii : HexStrings::All;
               });
  parser.level("--strings-in-hex", "[=none|non-ascii|all]", "The same as -x and -xx",
               [&](const std::string& word) { set_hex_strings(text, word); });
  parser.flag("-v,--no-abbrev", "Show arrays and structures whole",
              [&] { text.abbreviate = false; });
}

void add_line_options(OptionParser& parser, TextOptions& text) {
  parser.choice("--as", {"libc", "syscall"}, "What the program called, or the syscall behind it",
                [&](size_t view) { text.view = view == 0 ? View::Libc : View::Syscall; });
  parser.flag("-N,--arg-names,--names", "Show the names of parameters",
              [&] { text.parameter_names = true; });
  parser.level("-y,--decode-fds", "[=SET]", "Descriptors with what they are; -yy with addresses",
               [&](const std::string& set) { set_descriptors(text, set); });
  parser.flag("--always-show-pid", "Each line names its thread",
              [&] { text.thread_prefix = ThreadPrefix::AlwaysBracketed; });
  parser.number("-a,--columns", "The column of the result (40)", kMaxColumn,
                [&](uint64_t column) { text.result_column = column; });
  parser.level("-q,--quiet,--silent,--silence", "[=SET]",
               "No lines about processes that begin; -qq nor exit",
               [&](const std::string& set) { set_quiet(text, set); });
  parser.flag("-n,--syscall-number", "The number of the system call behind the call",
              [&] { text.syscall_numbers = true; });
}

// A path and the one that it leads to, since a program may use either.
void add_path(Filter& filter, const std::string& path) {
  filter.add_path(path);
  std::error_code error;
  const auto real = std::filesystem::canonical(path, error);
  if (!error && real != path) filter.add_path(real.string());
}

void add_filter_options(OptionParser& parser, PrintOptions& options) {
  Filter& filter = options.filter;
  parser.text("-e", "EXPR", "Only trace=CALLS, status=STATUSES or fd=NUMBERS",
              [&](const std::string& expression) { apply_expression(options, expression); });
  parser.text("--trace", "CALLS", "The same as -e trace=CALLS",
              [&](const std::string& calls) { filter.select_calls(calls); });
  parser.text("--trace-fds", "NUMBERS", "The same as -e fd=NUMBERS",
              [&](const std::string& numbers) { filter.select_descriptors(numbers); });
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
  parser.level("-f,--follow-forks", "", "All are followed; -ff with -o: a FILE.TID for each thread",
               [&, times = 0](const std::string&) mutable {
                 if (++times == 2) options.files = Files::OnePerThread;
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
  add_filter_options(parser, options);
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
    if (is_command(options.target))
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
