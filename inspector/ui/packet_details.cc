// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/packet_details.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "inspector/session/dissection.h"
#include "inspector/ui/hex_line.h"
#include "inspector/ui/words.h"

namespace wireseam {
namespace {

Line field(std::string_view name, std::string value, Style style = Style::Plain) {
  return Line(fmt::format("  {:<18}", name), Style::Muted).add(std::move(value), style);
}

std::string wireshark_text(WiresharkNames names) {
  std::string text;
  names.for_each([&](std::string_view name) {
    text += text.empty() ? "" : ", ";
    text += name;
  });
  return text;
}

Line bytes_line(std::span<const std::byte> packet, size_t at) {
  std::vector<HexByte> bytes;
  for (const std::byte byte : packet.subspan(at, std::min(kHexColumns, packet.size() - at)))
    bytes.push_back({byte});
  return hex_line(at, bytes);
}

std::string rtt_text(int64_t rtt_ns) {
  return rtt_ns < 0 ? apart_text(-static_cast<uint64_t>(rtt_ns), 0)
                    : span_text(static_cast<uint64_t>(rtt_ns));
}

}  // namespace

std::vector<Line> segment_lines(const Session& session, const SegmentRecord& record) {
  const Segment& segment = record.segment;
  std::vector<Line> lines;
  if (const ConnectionRecord* connection = session.find_connection(record.connection))
    lines.emplace_back(name_of(*connection), Style::Heading);
  lines.push_back(field("bytes", fmt::format("{}-{} ({} of them new)", segment.range.begin,
                                             segment.range.end, segment.fresh)));
  if (segment.before_axis > 0)
    lines.push_back(field("before", fmt::format("{} before the first one captured",
                                                counted(segment.before_axis, "byte"))));
  if (segment.flags != 0) {
    lines.push_back(
        field("acknowledges", fmt::format("up to {}, window {}{}", segment.ack, segment.window,
                                          segment.window_scale_unknown ? ", unscaled" : "")));
    if (segment.in_flight > 0)
      lines.push_back(field("in flight", fmt::format("{} bytes", segment.in_flight)));
  }
  if (segment.acks_packet > 0)
    lines.push_back(field("answers", fmt::format("packet {} after {}", segment.acks_packet,
                                                 rtt_text(segment.ack_rtt_ns))));
  if (segment.wire_packets > 1)
    lines.push_back(
        field("offload", fmt::format("stands for {} packets on the wire", segment.wire_packets)));
  if (record.seams) lines.push_back(field("frames in it", seams_text(*record.seams)));
  if (const std::string notes = notes_text(record); !notes.empty())
    lines.push_back(field("note", notes, is_problem(record) ? Style::Trouble : Style::Note));
  if (!segment.wireshark.empty())
    lines.push_back(field("Wireshark", wireshark_text(segment.wireshark)));
  return lines;
}

Paper packet_paper(const Session& session, const RawPacket& raw) {
  std::vector<Line> lines;
  if (const SegmentRecord* record = session.find_segment(raw.number))
    lines = segment_lines(session, *record);
  lines.push_back(
      Line("Packet", Style::Heading)
          .add(fmt::format("  {} at {}, {} bytes on the wire, {} captured", raw.number,
                           clock_text(session, raw.time_ns), raw.wire_length, raw.bytes.size())));
  for (const Layer& layer : dissect(raw)) {
    lines.emplace_back(layer.title, Style::Heading);
    for (const LayerField& entry : layer.fields) lines.push_back(field(entry.name, entry.value));
  }
  lines.emplace_back("Bytes", Style::Heading);
  const size_t rows = (raw.bytes.size() + kHexColumns - 1) / kHexColumns;
  const size_t all = lines.size() + rows;
  return {all, [head = std::move(lines), bytes = raw.bytes](size_t line) {
            return line < head.size() ? head[line]
                                      : bytes_line(bytes, (line - head.size()) * kHexColumns);
          }};
}

}  // namespace wireseam
