// SPDX-License-Identifier: Apache-2.0
// wireseam export: prints a trace file as `wireseam trace` would have printed it.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <utility>

#include "cli/command_line.h"
#include "cli/option_parser.h"
#include "cli/print_options.h"
#include "cli/verbs.h"
#include "common/fd.h"
#include "tracer/collect/trace_printer.h"
#include "tracer/trace/event_sorter.h"
#include "tracer/trace/reader.h"

namespace wireseam {
namespace {

struct ExportOptions {
  std::string file;
  PrintOptions print;
};

ExportOptions parse_export(std::span<char* const> arguments) {
  ExportOptions options;
  OptionParser parser("export FILE.wst [OPTION...]");
  add_print_options(parser, options.print);
  parser.choice("--to", {"strace", "json"}, "Text as strace prints it, or JSON Lines",
                [&](size_t format) { options.print.format = static_cast<PrintFormat>(format); });
  const auto rest = parser.parse_mixed(arguments);
  finish_print_options(options.print);
  if (rest.size() != 1) throw UsageError("one trace file is needed, or - for standard input");
  options.file = rest.front();
  return options;
}

Fd open_trace(const std::string& file) {
  Fd fd(file == "-" ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                    : open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) throw Error("cannot open", file, errno);
  return fd;
}

}  // namespace

int run_export(std::span<char* const> arguments) {
  const ExportOptions options = parse_export(arguments);
  TraceReader reader(open_trace(options.file), options.file);
  const auto printing = open_printing(options.print, STDOUT_FILENO);
  const ReadReport report = replay_trace(reader, *printing);
  printing->flush();
  if (const auto failure = printing->failure()) throw Error(*failure);
  const std::string damage = to_string(report);
  if (!damage.empty()) warn(options.file + ": " + damage);
  return EXIT_SUCCESS;
}

}  // namespace wireseam
