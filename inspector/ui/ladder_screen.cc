// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/ladder_screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "inspector/ui/call_details.h"
#include "inspector/ui/ladder_steps.h"
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
  seen_ = seen_calls_ = 0;
}

void LadderScreen::collect(const Session& session, const Focus& focus, ListCursor& list) {
  connection_ = focus.connection;
  const ConnectionRecord* record = session.find_connection(connection_);
  if (record == nullptr) return list.keys.clear();
  while (!list.keys.empty() && has_fallen_away(session, list.keys.front())) list.keys.pop_front();
  merge(session, new_steps(focus, *record));
}

// What was not there the last time.
std::vector<uint64_t> LadderScreen::new_steps(const Focus& focus, const ConnectionRecord& record) {
  std::vector<uint64_t> steps;
  const auto& segments = record.segments;
  for (auto next = std::ranges::lower_bound(segments, seen_); next != segments.end(); ++next) {
    if (*next >= focus.horizon.segments) break;
    steps.push_back(step_of_segment(*next));
    seen_ = *next + 1;
  }
  if (record.calls == nullptr) return steps;
  const Kept<uint64_t>& calls = record.calls->all;
  for (seen_calls_ = std::max(seen_calls_, calls.begin()); seen_calls_ < calls.end();
       ++seen_calls_) {
    if (*calls.find(seen_calls_) >= focus.horizon.calls) break;
    steps.push_back(step_of_call(*calls.find(seen_calls_)));
  }
  return steps;
}

// There may be millions at once; later only a few, which nearly always come at the end.
void LadderScreen::merge(const Session& session, std::vector<uint64_t> steps) {
  const auto time = [&](uint64_t step) { return time_of_step(session, step); };
  std::erase_if(steps, [&](uint64_t step) { return has_fallen_away(session, step); });
  std::ranges::stable_sort(steps, {}, time);
  auto& keys = list().keys;
  if (steps.empty()) return;
  const auto place = std::ranges::upper_bound(keys, time(steps.front()), {}, time);
  std::vector<uint64_t> later(place, keys.end());
  keys.erase(place, keys.end());
  std::ranges::merge(later, steps, std::back_inserter(keys), {}, time, time);
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
  const TracedCall* call = call_at(session, key);
  return call != nullptr ? call_line(*call, width) : packet_line(session, key, width);
}

// At the side of who made it.
Line LadderScreen::call_line(const TracedCall& call, int width) {
  const auto room = static_cast<size_t>(arrow_width(width));
  const bool by_client = call.role == Role::Client;
  const std::string label = " " + call_label(call).substr(0, room - 2) + " ";
  const Style style = call.problem ? Style::Trouble : by_client ? Style::ToServer : Style::ToClient;
  Line line(fmt::format("{:>7} {:>8} ", "call", ""), Style::Muted);
  line.add("|");
  line.add(by_client ? fmt::format("{:<{}}", label, room) : fmt::format("{:>{}}", label, room),
           style);
  line.add("| ");
  const Hold hold = call.sent() ? call.moved->delay.hold : Hold::None;
  return hold == Hold::None ? line
                            : line.add(fmt::format("held: {}", to_string(hold)), Style::Note);
}

Line LadderScreen::packet_line(const Session& session, uint64_t key, int width) const {
  const SegmentRecord* record = segment_at(session, key);
  const ConnectionRecord* connection = session.find_connection(connection_);
  if (record == nullptr || connection == nullptr) return {};
  const Segment& segment = record->segment;
  const SegmentRecord* before = nullptr;
  const auto at = std::ranges::lower_bound(connection->segments, key / 2);
  if (at != connection->segments.begin() && at != connection->segments.end())
    before = session.segments().find(*std::prev(at));
  const std::string after =
      before == nullptr ? "" : apart_text(before->segment.time_ns, segment.time_ns);
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

void LadderScreen::go_to_packet(const Session& session, const Focus& /*focus*/, uint64_t packet) {
  for (const uint64_t step : list().keys)
    if (const SegmentRecord* record = segment_at(session, step);
        record != nullptr && record->segment.packet == packet) {
      go_to_key(step);
      return;
    }
}

void LadderScreen::go_to_call(const Session& /*session*/, const Focus& /*focus*/, uint64_t index) {
  go_to_key(step_of_call(index));
}

Outcome LadderScreen::enter(const Session& session, uint64_t key, Focus& focus) {
  const SegmentRecord* record = segment_at(session, key);
  if (record != nullptr) {
    focus.packet = record->segment.packet;
  } else if (call_at(session, key) != nullptr) {
    focus.packet = 0;
    focus.call = key / 2;
  }
  return Outcome::Enter;
}

bool LadderScreen::is_problem_at(const Session& session, uint64_t key) const {
  const SegmentRecord* record = segment_at(session, key);
  const TracedCall* call = call_at(session, key);
  return (record != nullptr && is_problem(*record)) || (call != nullptr && call->problem);
}

Paper LadderScreen::details(const Session& session, uint64_t key, int width) const {
  if (const TracedCall* call = call_at(session, key))
    return Paper::of(call_lines(session, *call, width));
  const SegmentRecord* record = segment_at(session, key);
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
