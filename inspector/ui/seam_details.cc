// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/seam_details.h"

#include <fmt/format.h>

#include <algorithm>

#include "inspector/ui/words.h"

namespace wireseam {
namespace {

uint64_t time_of(const Session& session, LaneKind kind, const SeamItem& item) {
  if (kind == LaneKind::Frames) {
    const FrameRecord* frame = session.frames().find(item.key);
    return frame == nullptr ? 0 : frame->last_ns;
  }
  const SegmentRecord* segment = session.segments().find(item.key);
  return segment == nullptr ? 0 : segment->segment.time_ns;
}

// How many bytes of it the other one has, from which of its bytes on, and when.
Line part_line(const Session& session, const SeamItem& item, LaneKind other_kind,
               const SeamItem& other, uint64_t since_ns) {
  const ByteRange common = intersection(item.range, other.range);
  const uint64_t time_ns = time_of(session, other_kind, other);
  const std::string name =
      other_kind == LaneKind::Frames
          ? (other.label == 0 ? "no frame" : fmt::format("frame {}", other.label))
          : fmt::format("packet {}", other.label);
  Line line(fmt::format("  {:<14}", name));
  line.add(fmt::format("{:>8} bytes, {}-{}", common.size(), common.begin, common.end));
  line.add(fmt::format("  of its {}", other.range.size()), Style::Muted);
  if (time_ns >= since_ns && since_ns != 0)
    line.add(fmt::format("  +{}", span_text(time_ns - since_ns)), Style::Muted);
  return line;
}

std::string words_for_frame(size_t segments) {
  if (segments == 0) return "its segments fell away, or were not captured";
  if (segments == 1) return "in one segment";
  return fmt::format("split over {} segments", segments);
}

std::string words_for_segment(const SeamItem& item, const std::vector<SeamItem>& frames) {
  if (frames.empty()) return "no frame in it";
  if (frames.size() > 1) return fmt::format("coalesced: bytes of {} frames", frames.size());
  if (frames.front().range == item.range) return "exactly one whole frame";
  return "a part of one frame, or more than it";
}

}  // namespace

std::vector<Line> seam_details(const Session& session, const SeamLanes& lanes, LaneKind kind,
                               const SeamItem& item) {
  const bool is_frame = kind == LaneKind::Frames;
  const LaneKind other_kind = is_frame ? LaneKind::Segments : LaneKind::Frames;
  const auto others = items_in(lanes.lane(other_kind), item.range);
  std::vector<Line> lines;
  const std::string what =
      is_frame ? (item.label == 0 ? "No frame" : fmt::format("Frame {}", item.label))
               : fmt::format("Packet {}", item.label);
  lines.push_back(
      Line(what, Style::Heading)
          .add(fmt::format("  {}-{}, {}, ", item.range.begin, item.range.end,
                           counted(item.range.size(), "byte")))
          .add(is_frame ? words_for_frame(others.size()) : words_for_segment(item, others),
               others.size() > 1 ? Style::Note : Style::Good));
  uint64_t since_ns = 0;
  if (const FrameRecord* frame = is_frame ? session.frames().find(item.key) : nullptr) {
    since_ns = frame->first_ns;
    if (frame->json_header) lines.push_back(Line("  ").add(frame->header, Style::Header));
    if (!frame->flaw.empty()) lines.emplace_back("  " + frame->flaw, Style::Trouble);
  }
  if (const SegmentRecord* segment = is_frame ? nullptr : session.segments().find(item.key)) {
    const std::string notes = notes_text(*segment);
    lines.emplace_back(fmt::format(
        "  at {}, {} packet{} on the wire", clock_text(session, segment->segment.time_ns),
        segment->segment.wire_packets, segment->segment.wire_packets == 1 ? "" : "s"));
    if (!notes.empty()) lines.emplace_back("  " + notes, Style::Note);
  }
  for (const SeamItem& other : others)
    lines.push_back(part_line(session, item, other_kind, other, since_ns));
  return lines;
}

}  // namespace wireseam
