// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/ladder_screen.h"

#include <fmt/format.h>

#include <algorithm>

#include "inspector/ui/ladder_words.h"
#include "inspector/ui/packet_details.h"
#include "inspector/ui/words.h"

namespace wireseam {
namespace {

constexpr int kDetailRows = 8;
constexpr int kBefore = 17;  // columns for the packet and the time
constexpr int kBehind = 20;  // for what a packet is called
constexpr int kLeast = 30;   // between client and server
constexpr int kWidest = 110;

int arrow_width(int width) { return std::clamp(width - kBefore - kBehind - 2, kLeast, kWidest); }

// "<-- SYN,ACK seq 0 ack 1 ---"
std::string arrow_text(Direction direction, const std::string& label, int width) {
  const bool to_server = direction == Direction::ToServer;
  const auto room = static_cast<size_t>(width);
  std::string text = (to_server ? "--- " : "<-- ") + label + " ";
  if (text.size() > room) text.resize(room);
  text.resize(room, '-');
  if (to_server) text.back() = '>';
  return text;
}

}  // namespace

std::string LadderScreen::title(const Session& session, const Focus& focus) const {
  const ConnectionRecord* record = session.find_connection(focus.connection);
  if (record == nullptr) return "no connection";
  std::string text = name_of(*record);
  if (record->is_tcp()) text += fmt::format("  {}", record->state);
  return text;
}

void LadderScreen::reset(Start start) {
  ListScreen::reset(start);
  seen_ = 0;
}

void LadderScreen::collect(const Session& session, const Focus& focus, ListCursor& list) {
  connection_ = focus.connection;
  const ConnectionRecord* record = session.find_connection(connection_);
  if (record == nullptr) return list.keys.clear();
  while (!list.keys.empty() && list.keys.front() < session.segments().begin())
    list.keys.pop_front();
  const auto& segments = record->segments;
  for (auto next = std::ranges::lower_bound(segments, seen_); next != segments.end(); ++next) {
    if (*next >= focus.horizon.segments) break;
    list.keys.push_back(*next);
    seen_ = *next + 1;
  }
}

Line LadderScreen::heading(const Session& session, int width) const {
  const ConnectionRecord* record = session.find_connection(connection_);
  if (record == nullptr) return {};
  const int room = arrow_width(width);
  const std::string client = shortened(client_text(*record), room / 2 - 1);
  const std::string server = shortened(server_text(*record), room / 2 - 1);
  return Line(fmt::format("{:>7} {:>8}  {}{:>{}}", "packet", "after", client, server,
                          std::max(0, room - static_cast<int>(client.size()))));
}

Line LadderScreen::line(const Session& session, uint64_t key, int width) const {
  const SegmentRecord* record = session.segments().find(key);
  const ConnectionRecord* connection = session.find_connection(connection_);
  if (record == nullptr || connection == nullptr) return {};
  const Segment& segment = record->segment;
  const SegmentRecord* before = nullptr;
  const auto at = std::ranges::lower_bound(connection->segments, key);
  if (at != connection->segments.begin() && at != connection->segments.end())
    before = session.segments().find(*std::prev(at));
  const uint64_t before_ns = before == nullptr ? segment.time_ns : before->segment.time_ns;
  const std::string after =
      before == nullptr ? "" : span_text(segment.time_ns - std::min(segment.time_ns, before_ns));
  const Style style = is_problem(*record)                        ? Style::Trouble
                      : segment.direction == Direction::ToServer ? Style::ToServer
                                                                 : Style::ToClient;
  Line line(fmt::format("{:>7} {:>8} ", segment.packet, after), Style::Muted);
  line.add("|");
  line.add(
      arrow_text(segment.direction, arrow_label(session, *connection, *record), arrow_width(width)),
      style);
  line.add("| ");
  const std::string name = step_name(*connection, *record);
  return line.add(name, is_problem(*record) ? Style::Trouble : Style::Note);
}

ScreenSelection LadderScreen::selection(const Session& session, const Focus& focus) const {
  return select_connection(session, focus.connection);
}

void LadderScreen::go_to_packet(const Session& session, uint64_t packet) {
  for (const uint64_t index : list().keys)
    if (const SegmentRecord* record = session.segments().find(index);
        record != nullptr && record->segment.packet == packet) {
      go_to_key(index);
      return;
    }
}

Outcome LadderScreen::enter(const Session& session, uint64_t key, Focus& focus) {
  const SegmentRecord* record = session.segments().find(key);
  if (record == nullptr) return Outcome::Ignored;
  focus.packet = record->segment.packet;
  return Outcome::Enter;
}

bool LadderScreen::is_problem_at(const Session& session, uint64_t key) const {
  const SegmentRecord* record = session.segments().find(key);
  return record != nullptr && is_problem(*record);
}

Paper LadderScreen::details(const Session& session, uint64_t key, int /*width*/) const {
  const SegmentRecord* record = session.segments().find(key);
  if (record == nullptr) return {};
  if (const auto raw = session.packets().find(record->segment.packet))
    return packet_paper(session, *raw);
  return Paper::of(segment_lines(session, *record));
}

std::string LadderScreen::nothing(const Session& session, const Focus& focus) const {
  const ConnectionRecord* record = session.find_connection(focus.connection);
  if (record == nullptr) return "Choose a connection: 1, and Enter on it.";
  return "Its packets fell away, to keep the memory within its limit.";
}

int LadderScreen::list_rows(int rows) const { return std::max(rows / 2, rows - kDetailRows); }

}  // namespace wireseam
