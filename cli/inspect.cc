// SPDX-License-Identifier: Apache-2.0
// wireseam inspect.
#include <unistd.h>

#include <cstdlib>

#include "cli/command_line.h"
#include "cli/option_parser.h"
#include "cli/verbs.h"
#include "inspector/run/inspect_capture.h"

namespace wireseam {
namespace {

constexpr uint64_t kMaxMemoryMiB = uint64_t{1} << 20;

// "N", "N:client" or "N:server": whose bytes.
StreamChoice parse_stream(const std::string& text) {
  const size_t colon = text.find(':');
  StreamChoice choice;
  choice.connection = parse_number("--stream", text.substr(0, colon), UINT64_MAX);
  if (colon == text.npos) return choice;
  static const std::string kSenders[] = {"client", "server"};
  choice.direction =
      static_cast<Direction>(find_choice("--stream N:", kSenders, text.substr(colon + 1)));
  return choice;
}

void add_source_options(OptionParser& parser, InspectRequest& request) {
  parser.text("-i,--interface", "IFACE", "Capture live: lo, eth0, any, ...",
              [&](const std::string& name) {
                if (!request.interface.empty())
                  throw UsageError("there is one -i: 'any' is all interfaces");
                request.interface = name;
              });
  parser.text("--join", "FOLDER", "Follow a recording while it is being recorded",
              [&](const std::string& folder) {
                request.file = folder;
                request.reach = RecordingReach::End;
              });
  parser.text("-f,--filter", "FILTER", "Only packets of this filter (pcap-filter(7))",
              [&](const std::string& filter) { request.filter = filter; });
}

void add_report_options(OptionParser& parser, InspectRequest& request) {
  parser.text("--framing", "F|PORT=F", "How to cut streams into frames: auto, tls, ...",
              [&](const std::string& rule) { request.framing.add(rule); });
  parser.flag("--text", "Lines for people to read", [&] { request.format = ReportFormat::Text; });
  parser.flag("--json", "JSON Lines", [&] { request.format = ReportFormat::Json; });
  parser.flag("--segments", "Also a line for each segment",
              [&] { request.segments = Segments::Shown; });
  parser.flag("--totals", "Only connections at their ends, and totals",
              [&] { request.extent = Extent::Totals; });
  parser.text("--stream", "N[:client|:server]", "Only the bytes of connection N, or one side's",
              [&](const std::string& text) { request.stream = parse_stream(text); });
}

void add_screen_options(OptionParser& parser, InspectRequest& request) {
  parser.text("--script", "FILE", "Play keys of FILE on the screens, and print those",
              [&](const std::string& file) { request.script = file; });
}

void add_output_options(OptionParser& parser, InspectRequest& request) {
  parser.text("-o,--output", "FILE", "Print to FILE, or to the command of '|COMMAND'",
              [&](const std::string& target) { request.target = target; });
  parser.text("-w,--write", "FILE", "Keep the packets in FILE, as pcap or pcapng",
              [&](const std::string& file) { request.keep = file; });
  parser.choice("--color", {"auto", "always", "never"}, "auto: on a terminal without NO_COLOR",
                [&](size_t color) { request.color = static_cast<Color>(color); });
  parser.number("--memory", "Hold N MiB at most: see the man page", kMaxMemoryMiB,
                [&](uint64_t mebibytes) { request.memory = mebibytes << 20; });
}

void check_outputs(const InspectRequest& request) {
  if (request.keep == "-" && request.target.empty())
    throw UsageError("with -w - the report needs a place of its own: -o FILE");
  if (request.keep == "-" && isatty(STDOUT_FILENO) == 1)
    throw UsageError("-w - writes packets to standard output, which is a terminal");
  if (!request.script.empty() && (request.format || request.stream))
    throw UsageError("--script shows screens: it goes without --text, --json and --stream");
  if (request.script == "-" && request.file == "-")
    throw UsageError("standard input is the script or the capture");
  if (!request.keep.empty() && request.reach == RecordingReach::End)
    throw UsageError("a recording keeps its packets itself: -w is not for --join");
  if (!request.keep.empty() && request.keep == request.target)
    throw UsageError("-w and -o name the same file");
}

InspectRequest parse_inspect(std::span<char* const> arguments) {
  InspectRequest request;
  OptionParser parser("inspect [OPTION...] [-i IFACE | FILE | FOLDER | - | --join FOLDER]");
  parser.group("Packets");
  add_source_options(parser, request);
  parser.group("Report");
  add_report_options(parser, request);
  parser.group("Screens");
  add_screen_options(parser, request);
  parser.group("Output");
  add_output_options(parser, request);
  const auto operands = parser.parse_mixed(arguments);
  const bool follows = request.reach == RecordingReach::End;
  if (operands.size() + (request.interface.empty() ? 0 : 1) + (follows ? 1 : 0) != 1)
    throw UsageError(
        "one capture file is needed, a recording, - for standard input, -i INTERFACE, or --join "
        "FOLDER");
  if (!operands.empty()) request.file = operands.front();
  check_outputs(request);
  return request;
}

}  // namespace

int run_inspect(std::span<char* const> arguments) {
  inspect_capture(parse_inspect(arguments), warn);
  return EXIT_SUCCESS;
}

}  // namespace wireseam
