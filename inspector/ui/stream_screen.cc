// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/stream_screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "inspector/session/dissection.h"
#include "inspector/ui/packet_details.h"
#include "inspector/ui/words.h"

namespace wireseam {
namespace {

constexpr size_t kLongestLine = 200;  // bytes; what is longer goes on in the next one
constexpr uint64_t kLinesInSegment = uint64_t{1} << 17;
constexpr int kDetailRows = 6;

// What a segment brought that had not been there; nothing of what fell away.
std::string_view text_of_segment(const Session& session, const SegmentRecord& record) {
  if (record.segment.fresh == 0) return {};
  const auto raw = session.packets().find(record.segment.packet);
  if (!raw) return {};
  const auto payload = payload_of(*raw);
  return {reinterpret_cast<const char*>(payload.data()), payload.size()};
}

// Takes a line off the front, with its end.
std::string_view take_line(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
  const std::string_view line = text.substr(0, std::min(end, kLongestLine));
  text.remove_prefix(line.size());
  return line;
}

std::string_view without_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

std::string StreamScreen::title(const Session& session, const Focus& focus) const {
  const ConnectionRecord* record = session.find_connection(focus.connection);
  return record == nullptr ? "no connection" : "said on " + name_of(*record);
}

void StreamScreen::reset(Start start) {
  ListScreen::reset(start);
  seen_ = 0;
}

void StreamScreen::collect(const Session& session, const Focus& focus, ListCursor& list) {
  const ConnectionRecord* connection = session.find_connection(focus.connection);
  if (connection == nullptr) return list.keys.clear();
  while (!list.keys.empty() && list.keys.front() / kLinesInSegment < session.segments().begin())
    list.keys.pop_front();
  const auto& segments = connection->segments;
  for (auto next = std::ranges::lower_bound(segments, seen_); next != segments.end(); ++next) {
    if (*next >= focus.horizon.segments) break;
    seen_ = *next + 1;
    std::string_view text = text_of_segment(session, *session.segments().find(*next));
    for (uint64_t line = 0; !text.empty(); ++line) {
      take_line(text);
      list.keys.push_back(*next * kLinesInSegment + line);
    }
  }
}

Line StreamScreen::heading(const Session& /*session*/, int /*width*/) const {
  return Line("> the client's, < the server's");
}

Line StreamScreen::line(const Session& session, uint64_t key, int /*width*/) const {
  const SegmentRecord* record = session.segments().find(key / kLinesInSegment);
  if (record == nullptr) return {};
  std::string_view text = text_of_segment(session, *record);
  std::string_view line;
  for (uint64_t number = 0; number <= key % kLinesInSegment && !text.empty(); ++number)
    line = take_line(text);
  const Direction direction = record->segment.direction;
  return Line(fmt::format("{} ", arrow(direction)), Style::Muted)
      .add(std::string(without_end(line)),
           direction == Direction::ToServer ? Style::ToServer : Style::ToClient);
}

ScreenSelection StreamScreen::selection(const Session& session, const Focus& focus) const {
  return select_connection(session, focus.connection);
}

bool StreamScreen::is_problem_at(const Session& session, uint64_t key) const {
  const SegmentRecord* record = session.segments().find(key / kLinesInSegment);
  return record != nullptr && is_problem(*record);
}

Paper StreamScreen::details(const Session& session, uint64_t key, int /*width*/) const {
  const SegmentRecord* record = session.segments().find(key / kLinesInSegment);
  return record == nullptr ? Paper{} : Paper::of(segment_lines(session, *record));
}

std::string StreamScreen::nothing(const Session& session, const Focus& focus) const {
  const ConnectionRecord* record = session.find_connection(focus.connection);
  if (record == nullptr) return "Choose a connection: 1, and f on it.";
  if (record->halves[0].cut_bytes + record->halves[1].cut_bytes > 0)
    return "Unknown (cut off): the capture has but the headers.";
  return "Nothing was said so far.";
}

int StreamScreen::list_rows(int rows) const { return std::max(rows / 2, rows - kDetailRows); }

}  // namespace wireseam
