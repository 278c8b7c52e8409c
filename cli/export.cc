// SPDX-License-Identifier: Apache-2.0
// wireseam export: prints a trace file, the calls of a recording, or what strace has printed, as
// `wireseam trace` would have printed it.
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "cli/command_line.h"
#include "cli/option_parser.h"
#include "cli/print_options.h"
#include "cli/verbs.h"
#include "common/error.h"
#include "inspector/recording/recorded_events.h"
#include "tracer/collect/local_interfaces.h"
#include "tracer/collect/trace_printer.h"
#include "tracer/compare/log_input.h"
#include "tracer/compare/strace_log.h"
#include "tracer/compare/unread_lines.h"
#include "tracer/trace/event_sorter.h"
#include "tracer/trace/reader.h"

namespace wireseam {
namespace {

struct ExportOptions {
  std::vector<std::string> files;
  PrintOptions print;
};

ExportOptions parse_export(std::span<char* const> arguments) {
  ExportOptions options;
  OptionParser parser("export FILE...|FOLDER [OPTION...]");
  add_print_options(parser, options.print);
  parser.choice("--to", {"strace", "json"}, "Text as strace prints it, or JSON Lines",
                [&](size_t format) { options.print.format = static_cast<PrintFormat>(format); });
  options.files = parser.parse_mixed(arguments);
  finish_print_options(options.print);
  if (options.files.empty())
    throw UsageError("a file or a recording is needed, or - for standard input");
  return options;
}

void print_trace(LogInput input, Printing& printing) {
  const std::string name = input.name;
  TraceReader reader(std::move(input.file), name, std::as_bytes(std::span(input.begun)));
  const std::string damage = to_string(replay_trace(reader, printing));
  if (!damage.empty()) warn(name + ": " + damage);
}

void print_log(std::vector<LogInput> files, Printing& printing) {
  UnreadLines unread(files.front().name, warn);
  StraceLog log(printing, [&](const UnreadLine& line) { unread.add(line); });
  read_log(std::move(files), log, [&] { printing.flush(); });
  unread.finish();
}

void finish(Printing& printing) {
  printing.flush();
  if (const auto failure = printing.failure()) throw Error(*failure);
}

void export_files(ExportOptions& options) {
  std::vector<LogInput> files;
  for (const std::string& name : options.files) files.push_back(open_log_input(name));
  const bool is_trace = files.size() == 1 && files.front().is_trace();
  // A log has the names of interfaces, which were read as the numbers that they have here.
  if (!is_trace) options.print.text.interfaces = local_interfaces();
  const auto printing = open_printing(options.print, STDOUT_FILENO);
  if (is_trace)
    print_trace(std::move(files.front()), *printing);
  else
    print_log(std::move(files), *printing);
  finish(*printing);
}

void export_recording(const ExportOptions& options) {
  RecordedEvents events{Recording(options.files.front())};
  const auto printing = open_printing(options.print, STDOUT_FILENO);
  replay(events, *printing);
  for (const std::string& flaw : events.flaws()) warn(flaw);
  finish(*printing);
}

}  // namespace

int run_export(std::span<char* const> arguments) {
  ExportOptions options = parse_export(arguments);
  if (options.files.size() == 1 && is_folder(options.files.front()))
    export_recording(options);
  else
    export_files(options);
  return EXIT_SUCCESS;
}

}  // namespace wireseam
