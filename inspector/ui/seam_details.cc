// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/seam_details.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "inspector/ui/call_details.h"
#include "inspector/ui/words.h"

namespace wireseam {
namespace {

// When it began to be on the wire, or to be done.
uint64_t time_of(const Session& session, LaneKind kind, const SeamItem& item) {
  if (kind == LaneKind::Frames) {
    const FrameRecord* frame = session.frames().find(item.key);
    return frame == nullptr ? 0 : frame->last_ns;
  }
  if (kind == LaneKind::Sends || kind == LaneKind::Receives) {
    const TracedCall* call = session.calls().find(item.key);
    if (call == nullptr) return 0;
    return kind == LaneKind::Sends ? call->begin_ns : call->end_ns();
  }
  const SegmentRecord* segment = session.segments().find(item.key);
  return segment == nullptr ? 0 : segment->segment.time_ns;
}

std::string name_of(const Session& session, LaneKind kind, const SeamItem& item) {
  switch (kind) {
    case LaneKind::Frames:
      return item.label == 0 ? "no frame" : fmt::format("frame {}", item.label);
    case LaneKind::Sends:
    case LaneKind::Receives: {
      const TracedCall* call = session.calls().find(item.key);
      return call == nullptr ? "call" : std::string(call->name);
    }
    case LaneKind::Resent:
    case LaneKind::Segments:
      return fmt::format("packet {}", item.label);
  }
  return "";
}

// Those that a bar of this kind is told against; the first decides its word.
std::vector<LaneKind> kinds_beside(LaneKind kind) {
  switch (kind) {
    case LaneKind::Frames:
      return {LaneKind::Segments, LaneKind::Sends, LaneKind::Receives};
    case LaneKind::Sends:
      return {LaneKind::Segments, LaneKind::Frames};
    case LaneKind::Receives:
      return {LaneKind::Frames, LaneKind::Segments};
    case LaneKind::Resent:
    case LaneKind::Segments:
      return {LaneKind::Frames, LaneKind::Sends};
  }
  return {};
}

// How many bytes of it the other one has, from which of its bytes on, and when.
Line part_line(const Session& session, const SeamItem& item, LaneKind other_kind,
               const SeamItem& other, uint64_t since_ns) {
  const ByteRange common = intersection(item.range, other.range);
  const uint64_t time_ns = time_of(session, other_kind, other);
  Line line(fmt::format("  {:<14}", name_of(session, other_kind, other)));
  line.add(fmt::format("{:>8} bytes, {}-{}", common.size(), common.begin, common.end));
  line.add(fmt::format("  of its {}", other.range.size()), Style::Muted);
  if (since_ns == 0 || time_ns == 0) return line;
  const bool before = time_ns < since_ns;
  return line.add(fmt::format("  {}{}", before ? "-" : "+",
                              span_text(before ? since_ns - time_ns : time_ns - since_ns)),
                  Style::Muted);
}

// What its calls and segments did to a frame; that it was split is told by their number.
std::string words_for_frame(const FrameRecord* frame, size_t segments) {
  std::string text = segments == 0   ? "its segments fell away, or were not captured"
                     : segments == 1 ? "in one segment"
                                     : fmt::format("split over {} segments", segments);
  if (frame == nullptr || !frame->cuts) return text;
  frame->cuts->for_each([&](std::string_view word) {
    if (word != "split") text.append(", ").append(word);
  });
  return text;
}

std::string words_for_segment(const SeamItem& item, const std::vector<SeamItem>& frames) {
  if (frames.empty()) return "no frame in it";
  if (frames.size() > 1) return fmt::format("coalesced: bytes of {} frames", frames.size());
  if (frames.front().range == item.range) return "exactly one whole frame";
  return "a part of one frame, or more than it";
}

std::string words_for_send(const SeamLanes& lanes, const std::vector<SeamItem>& segments) {
  if (segments.empty()) return "in no segment that was captured";
  if (segments.size() > 1) return fmt::format("split over {} segments", segments.size());
  const size_t sends = items_in(lanes.lane(LaneKind::Sends), segments.front().range).size();
  return sends > 1 ? fmt::format("coalesced: {} sends in one segment", sends) : "in one segment";
}

std::string words_for_receive(const SeamItem& item, const std::vector<SeamItem>& frames) {
  if (frames.empty()) return "no frame in it";
  if (frames.size() > 1) return fmt::format("merged: bytes of {} frames", frames.size());
  if (frames.front().range == item.range) return "exactly one whole frame";
  return item.range.end < frames.front().range.end ? "partial: ends inside a frame"
                                                   : "the end of a frame";
}

std::string words_for(const Session& session, const SeamLanes& lanes, LaneKind kind,
                      const SeamItem& item, const std::vector<SeamItem>& others) {
  switch (kind) {
    case LaneKind::Frames:
      return words_for_frame(session.frames().find(item.key), others.size());
    case LaneKind::Sends:
      return words_for_send(lanes, others);
    case LaneKind::Receives:
      return words_for_receive(item, others);
    case LaneKind::Resent:
    case LaneKind::Segments:
      return words_for_segment(item, others);
  }
  return "";
}

void append_facts(std::vector<Line>& lines, const FrameRecord& frame) {
  if (frame.json_header) lines.push_back(Line("  ").add(frame.header, Style::Header));
  if (!frame.flaw.empty()) lines.emplace_back("  " + frame.flaw, Style::Trouble);
}

void append_facts(std::vector<Line>& lines, const Session& session, const SegmentRecord& segment) {
  const std::string notes = notes_text(segment);
  lines.emplace_back(
      fmt::format("  at {}, {} packet{} on the wire", clock_text(session, segment.segment.time_ns),
                  segment.segment.wire_packets, segment.segment.wire_packets == 1 ? "" : "s"));
  if (!notes.empty()) lines.emplace_back("  " + notes, Style::Note);
}

void append_facts(std::vector<Line>& lines, const Session& session, const TracedCall& call) {
  lines.emplace_back(fmt::format("  by {} at {} for {}", caller_text(session, call),
                                 clock_text(session, call.begin_ns), span_text(call.duration_ns)));
  if (!call.moved) return;
  for (Line& line : moved_lines(*call.moved, call.sent())) lines.push_back(std::move(line));
}

void append_facts(std::vector<Line>& lines, const Session& session, LaneKind kind,
                  const SeamItem& item) {
  if (kind == LaneKind::Frames) {
    if (const FrameRecord* frame = session.frames().find(item.key)) append_facts(lines, *frame);
  } else if (kind == LaneKind::Sends || kind == LaneKind::Receives) {
    if (const TracedCall* call = session.calls().find(item.key))
      append_facts(lines, session, *call);
  } else if (const SegmentRecord* segment = session.segments().find(item.key)) {
    append_facts(lines, session, *segment);
  }
}

// What the times of its parts count from; 0: they are not told.
uint64_t since_ns(const Session& session, LaneKind kind, const SeamItem& item) {
  if (kind == LaneKind::Frames) {
    const FrameRecord* frame = session.frames().find(item.key);
    return frame == nullptr ? 0 : frame->first_ns;
  }
  return kind == LaneKind::Segments || kind == LaneKind::Resent ? 0 : time_of(session, kind, item);
}

}  // namespace

std::vector<Line> seam_details(const Session& session, const SeamLanes& lanes, LaneKind kind,
                               const SeamItem& item) {
  const std::vector<LaneKind> beside = kinds_beside(kind);
  const auto deciding = items_in(lanes.lane(beside.front()), item.range);
  std::string name = name_of(session, kind, item);
  if (kind != LaneKind::Sends && kind != LaneKind::Receives)
    name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
  std::vector<Line> lines;
  lines.push_back(Line(name, Style::Heading)
                      .add(fmt::format("  {}-{}, {}, ", item.range.begin, item.range.end,
                                       counted(item.range.size(), "byte")))
                      .add(words_for(session, lanes, kind, item, deciding),
                           deciding.size() > 1 ? Style::Note : Style::Good));
  append_facts(lines, session, kind, item);
  const uint64_t since = since_ns(session, kind, item);
  for (const LaneKind other_kind : beside)
    for (const SeamItem& other : items_in(lanes.lane(other_kind), item.range))
      lines.push_back(part_line(session, item, other_kind, other, since));
  return lines;
}

}  // namespace wireseam
