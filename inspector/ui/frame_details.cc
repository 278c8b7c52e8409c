// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/frame_details.h"

#include <fmt/format.h>

#include <algorithm>

#include "inspector/session/stream_window.h"
#include "inspector/ui/hex_line.h"
#include "inspector/ui/json_tree.h"
#include "inspector/ui/words.h"

namespace wireseam {
namespace {

constexpr size_t kListedParts = 6;

std::string parts_text(const FrameRecord& frame) {
  std::string text = fmt::format("{} segment{}", frame.packets(), frame.packets() == 1 ? "" : "s");
  for (size_t i = 0; i < std::min(kListedParts, frame.parts.size()); ++i)
    text += fmt::format("{}{}", i == 0 ? ": packet " : ", ", frame.parts[i].packet);
  return frame.packets() > kListedParts ? text + ", ..." : text;
}

std::vector<Line> head_lines(const Session& session, const FrameRecord& frame) {
  std::vector<Line> lines;
  const std::string what = frame.number == 0 ? "No frame" : fmt::format("Frame {}", frame.number);
  lines.push_back(
      Line(what, Style::Heading)
          .add(fmt::format("  bytes {}-{}, body {}, in {}", frame.range.begin, frame.range.end,
                           frame.body.size(),
                           span_text(frame.last_ns - std::min(frame.first_ns, frame.last_ns)))));
  if (!frame.parts.empty()) lines.emplace_back(parts_text(frame));
  if (!frame.flaw.empty()) lines.emplace_back(frame.flaw, Style::Trouble);
  if (frame.missing > 0)
    lines.emplace_back(fmt::format("{} bytes are missing in the capture", frame.missing),
                       Style::Trouble);
  if (const ConnectionRecord* connection = session.find_connection(frame.connection))
    lines.emplace_back(name_of(*connection), Style::Muted);
  if (frame.json_header) {
    for (Line& line : json_lines(frame.header)) lines.push_back(std::move(line));
  }
  return lines;
}

// What stands before the header's text is its length.
Style style_at(const FrameRecord& frame, uint64_t at) {
  if (frame.body.contains(at)) return Style::Body;
  if (at >= frame.body.end) return Style::Length;
  const uint64_t header_begin =
      frame.json_header && frame.body.begin - frame.range.begin >= frame.header.size()
          ? frame.body.begin - frame.header.size()
          : frame.body.begin;
  return at < header_begin ? Style::Length : Style::Header;
}

Line bytes_line(const Session& session, const FrameRecord& frame, uint64_t row) {
  const uint64_t begin = frame.range.begin + row * kHexColumns;
  const ByteRange range{begin, std::min(frame.range.end, begin + kHexColumns)};
  std::vector<HexByte> bytes;
  uint64_t at = begin;
  for (const StreamByte& byte : gather(session, range, frame.parts)) {
    bytes.push_back(
        {byte.value, style_at(frame, at), byte.known, byte.edge && at != frame.range.begin});
    ++at;
  }
  return hex_line(begin - frame.range.begin, bytes);
}

}  // namespace

Paper frame_paper(const Session& session, const FrameRecord& frame) {
  auto head = head_lines(session, frame);
  const size_t rows = (frame.range.size() + kHexColumns - 1) / kHexColumns;
  const size_t lines = head.size() + rows;
  return {lines, [&session, &frame, head = std::move(head)](size_t line) {
            return line < head.size() ? head[line] : bytes_line(session, frame, line - head.size());
          }};
}

}  // namespace wireseam
