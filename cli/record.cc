// SPDX-License-Identifier: Apache-2.0
// wireseam record.
#include "record/record_program.h"

#include "cli/command_line.h"
#include "cli/option_parser.h"
#include "cli/trace_options.h"
#include "cli/verbs.h"
#include "inspector/frame/framing_rules.h"

namespace wireseam {
namespace {

constexpr char kUsage[] = "record -o FOLDER [OPTION...] [--] PROGRAM [ARG...]";

void set_place(RecordRequest& request, const std::string& folder, RecordingPlace place) {
  if (!request.folder.empty())
    throw UsageError("a recording goes to one folder: either -o FOLDER or --join FOLDER, once");
  if (folder.empty()) throw UsageError("the folder's name is empty");
  request.folder = folder;
  request.place = place;
}

void add_folder_options(OptionParser& parser, RecordRequest& request) {
  parser.text("-o,--output", "FOLDER", "Record to this folder, which must be new or empty",
              [&](const std::string& folder) { set_place(request, folder, RecordingPlace::Own); });
  parser.text(
      "--join", "FOLDER", "Record to a part of this recording, which may be going on",
      [&](const std::string& folder) { set_place(request, folder, RecordingPlace::Joined); });
}

void add_packet_options(OptionParser& parser, RecordRequest& request) {
  parser.text("-i,--iface", "IFACE", "Capture there (any: on all of them)",
              [&](const std::string& name) { request.interface = name; });
  parser.text("-f,--filter", "FILTER", "Capture no more than this: see pcap-filter(7)",
              [&](const std::string& filter) { request.filter = filter; });
  parser.flag("--calls-only", "Capture nothing", [&] { request.packets = RecordedPackets::None; });
}

void add_content_options(OptionParser& parser, RecordRequest& request, FramingRules& rules) {
  parser.text("--framing", "[PORT=]F",
              "How inspect is to cut streams into frames: json-header, ...",
              [&](const std::string& rule) {
                rules.add(rule);
                request.framing.push_back(rule);
              });
  parser.text("--payload", "N|all", "Record N bytes of each buffer (32; all without packets)",
              [&](const std::string& text) { request.payload_limit = parse_payload(text); });
}

RecordRequest parse_record(std::span<char* const> arguments) {
  RecordRequest request;
  FramingRules rules;
  OptionParser parser(kUsage);
  parser.group("Recording");
  add_folder_options(parser, request);
  add_content_options(parser, request, rules);
  parser.group("Packets");
  add_packet_options(parser, request);
  request.command = parser.parse(arguments);
  if (request.folder.empty())
    throw UsageError("where to? -o FOLDER begins a recording, --join FOLDER adds to one");
  if (request.command.empty())
    throw UsageError(std::string("which program? Usage: wireseam ") + kUsage);
  return request;
}

}  // namespace

int run_record(std::span<char* const> arguments) {
  return end_like(record_program(parse_record(arguments), warn));
}

}  // namespace wireseam
