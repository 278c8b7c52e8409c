// SPDX-License-Identifier: Apache-2.0
// wireseam export: prints a trace file, or what strace has printed, as `wireseam trace` would have
// printed it.
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
#include "tracer/collect/local_interfaces.h"
#include "tracer/collect/trace_printer.h"
#include "tracer/compare/log_file.h"
#include "tracer/compare/strace_log.h"
#include "tracer/compare/unread_lines.h"
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
  OptionParser parser("export FILE [OPTION...]");
  add_print_options(parser, options.print);
  parser.choice("--to", {"strace", "json"}, "Text as strace prints it, or JSON Lines",
                [&](size_t format) { options.print.format = static_cast<PrintFormat>(format); });
  const auto rest = parser.parse_mixed(arguments);
  finish_print_options(options.print);
  if (rest.size() != 1) throw UsageError("one file is needed, or - for standard input");
  options.file = rest.front();
  return options;
}

Fd open_input(const std::string& file) {
  Fd fd(file == "-" ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                    : open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) throw Error("cannot open", file, errno);
  return fd;
}

// As many bytes of the file as a trace file's magic has, or all that there are.
std::string read_magic(const Fd& file, const std::string& name) {
  std::string magic(sizeof TraceFileHeader::magic, '\0');
  size_t size = 0;
  while (size < magic.size()) {
    const ssize_t count = read(file.get(), magic.data() + size, magic.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Error("cannot read", name, errno);
    if (count == 0) break;
    size += static_cast<size_t>(count);
  }
  magic.resize(size);
  return magic;
}

void print_trace(Fd file, const std::string& name, std::string_view begun, Printing& printing) {
  TraceReader reader(std::move(file), name, std::as_bytes(std::span(begun)));
  const std::string damage = to_string(replay_trace(reader, printing));
  if (!damage.empty()) warn(name + ": " + damage);
}

void print_log(Fd file, const std::string& name, std::string begun, Printing& printing) {
  UnreadLines unread(name, warn);
  StraceLog log(printing, [&](const UnreadLine& line) { unread.add(line); });
  LogFile lines(std::move(file), name, std::move(begun));
  while (lines.read([&](std::string_view line) { log.add_line(line); })) printing.flush();
  log.finish();
  const LogReport& report = log.report();
  if (report.lines == report.unread)
    throw Error("'" + name + "' is neither a trace file nor the output of strace");
  unread.finish();
}

}  // namespace

int run_export(std::span<char* const> arguments) {
  ExportOptions options = parse_export(arguments);
  Fd file = open_input(options.file);
  std::string begun = read_magic(file, options.file);
  const bool is_trace = begun == std::string_view(kTraceMagic, sizeof kTraceMagic);
  // A log has the names of interfaces, which were read as the numbers that they have here.
  if (!is_trace) options.print.text.interfaces = local_interfaces();
  const auto printing = open_printing(options.print, STDOUT_FILENO);
  if (is_trace)
    print_trace(std::move(file), options.file, begun, *printing);
  else
    print_log(std::move(file), options.file, std::move(begun), *printing);
  printing->flush();
  if (const auto failure = printing->failure()) throw Error(*failure);
  return EXIT_SUCCESS;
}

}  // namespace wireseam
