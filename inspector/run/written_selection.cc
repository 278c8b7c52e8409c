// SPDX-License-Identifier: Apache-2.0
#include "inspector/run/written_selection.h"

#include <unistd.h>

#include <set>

#include "common/output/output.h"
#include "inspector/capture/packet_writer.h"
#include "inspector/engine/inspection.h"
#include "inspector/report/json.h"

namespace wireseam {
namespace {

std::string write_packets(const Session& session, const ScreenSelection& selection,
                          const std::string& file) {
  std::set<uint32_t> link_types;
  for (const uint64_t number : selection.packets)
    if (const auto raw = session.packets().find(number)) link_types.insert(raw->link_type);
  if (link_types.empty()) return "there are no packets to be written";
  PacketWriter writer(file, {link_types.begin(), link_types.end()});
  for (const uint64_t number : selection.packets)
    if (const auto raw = session.packets().find(number)) writer.write(*raw);
  if (!writer.failure().empty()) return writer.failure();
  return std::to_string(writer.packets()) + " packets written to " + file;
}

std::string write_text(std::string_view text, const std::string& what, const std::string& file) {
  Output output(file);
  output.write(text);
  output.flush();
  if (output.failure()) return output.failure()->what();
  return what + " written to " + file;
}

// As --json says it of these packets alone.
std::string write_json(const Session& session, const ScreenSelection& selection,
                       const std::string& file, const FramingRules& framing) {
  JsonReport report(Segments::Shown);
  Inspection inspection(report, framing);
  for (const uint64_t number : selection.packets)
    if (const auto raw = session.packets().find(number)) inspection.packet(*raw);
  inspection.finish("");
  return write_text(report.text(), "JSON Lines", file);
}

}  // namespace

std::string write_selection(const Session& session, const ScreenSelection& selection,
                            const std::string& file, const FramingRules& framing) {
  if (is_command(file)) return "a file is needed, not a command";
  if (selection.packets.empty() && selection.bytes.empty())
    return "on this screen there is nothing to be written";
  if (access(file.c_str(), F_OK) == 0) return "'" + file + "' is there already";
  try {
    if (file.ends_with(".pcap") || file.ends_with(".pcapng"))
      return write_packets(session, selection, file);
    if (file.ends_with(".json") || file.ends_with(".jsonl"))
      return write_json(session, selection, file, framing);
    return write_text(selection.bytes, std::to_string(selection.bytes.size()) + " bytes", file);
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace wireseam
