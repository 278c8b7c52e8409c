// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/connections_screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <vector>

#include "inspector/join/names.h"
#include "inspector/ui/connection_columns.h"
#include "inspector/ui/party_lines.h"
#include "inspector/ui/words.h"

namespace wireseam {
namespace {

constexpr int kDetailRows = 7;
constexpr int kDetailRowsWithCalls = 10;
constexpr size_t kMeasured = 100;      // connections, for the widths of columns
constexpr size_t kMany = 5000;         // connections; of fewer all is always up to date
constexpr uint64_t kBetweenNs = 4000;  // for each of many, until they are sorted again

Line whole_line(const ConnectionRecord& record, uint64_t now_ns) {
  Line line;
  for (const ConnectionColumn& column : connection_columns())
    line.add(column.text(record, now_ns) + " ");
  return line;
}

}  // namespace

std::string ConnectionsScreen::title(const Session& session, const Focus& focus) const {
  const size_t all = records(session).size();
  if (focus.filter.empty()) return counted(all, "connection");
  return fmt::format("{} of {} connections: {}", list().keys.size(), all, focus.filter.text());
}

void ConnectionsScreen::place(const Session& session, int columns) {
  // Who looks aside wants to see what had no room.
  const int width = list_aside() > 0 ? kWholeWidth : columns;
  std::vector<const ConnectionRecord*> shown;
  const size_t end = std::min(list().keys.size(), list().top() + kMeasured);
  for (size_t at = list().top(); at < end; ++at)
    if (const ConnectionRecord* record = find(session, list().keys[at])) shown.push_back(record);
  placed_ = place_columns(shown, now_ns(session), width);
}

void ConnectionsScreen::reset(Start /*start*/) {
  ListScreen::reset(Start::First);
  collected_.reset();
}

const std::map<uint64_t, ConnectionRecord>& ConnectionsScreen::records(
    const Session& session) const {
  return held_ ? held_->records : session.connections();
}

const ConnectionRecord* ConnectionsScreen::find(const Session& session, uint64_t id) const {
  const auto found = records(session).find(id);
  return found == records(session).end() ? nullptr : &found->second;
}

uint64_t ConnectionsScreen::now_ns(const Session& session) const {
  return held_ ? held_->now_ns : session.now_ns();
}

// In a pause the picture of when it began stays.
void ConnectionsScreen::hold(const Session& session, const Focus& focus) {
  if (held_.has_value() == focus.is_paused()) return;
  collected_.reset();
  held_.reset();
  if (focus.is_paused()) held_ = {session.connections(), session.now_ns()};
}

// Sorting very many for each drawing would leave no time for anything else.
bool ConnectionsScreen::is_collected(const Session& session) const {
  if (!collected_ || collected_->column != sort_column_ || collected_->descending != descending_)
    return false;
  if (collected_->version == session.version() && collected_->now_ns == session.now_ns())
    return true;
  if (held_) return true;
  const size_t all = session.connections().size();
  return all >= kMany && !session.has_ended() &&
         session.now_ns() - collected_->now_ns < all * kBetweenNs;
}

void ConnectionsScreen::collect(const Session& session, const Focus& focus, ListCursor& list) {
  rows_below_ = session.totals().calls > 0 ? kDetailRowsWithCalls : kDetailRows;
  hold(session, focus);
  if (is_collected(session)) return;
  collected_ = {session.version(), session.now_ns(), sort_column_, descending_};
  const ConnectionColumn& column = connection_columns()[sort_column_];
  std::vector<std::pair<uint64_t, uint64_t>> found;  // what is sorted by, and the id
  for (const auto& [id, record] : records(session))
    if (focus.filter.selects({.connection = &record}))
      found.emplace_back(column.sorted_by(record, now_ns(session)), id);
  std::ranges::stable_sort(found, [&](const auto& a, const auto& b) {
    return descending_ ? a.first > b.first : a.first < b.first;
  });
  list.keys.clear();
  for (const auto& [value, id] : found) list.keys.push_back(id);
}

Line ConnectionsScreen::heading(const Session& /*session*/, int /*width*/) const {
  Line line;
  for (const PlacedColumn& placed : placed_) {
    const ConnectionColumn& column = connection_columns()[placed.index];
    const bool sorted = placed.index == sort_column_;
    std::string title =
        sorted ? std::string(column.title) + (descending_ ? "v" : "^") : std::string(column.title);
    title.resize(std::min(title.size(), static_cast<size_t>(placed.width)));
    line.add(column.right ? fmt::format("{:>{}} ", title, placed.width)
                          : fmt::format("{:<{}} ", title, placed.width));
  }
  return line;
}

Line ConnectionsScreen::line(const Session& session, uint64_t key, int width) const {
  Line line;
  const ConnectionRecord* record = find(session, key);
  if (record == nullptr) return line;
  if (width >= kWholeWidth) return whole_line(*record, now_ns(session));
  for (const PlacedColumn& placed : placed_) {
    const ConnectionColumn& column = connection_columns()[placed.index];
    const std::string text = shortened(column.text(*record, now_ns(session)), placed.width);
    const bool trouble = column.trouble && column.sorted_by(*record, now_ns(session)) > 0;
    const Style style = trouble                   ? Style::Trouble
                        : record->teardown.over() ? Style::Muted
                                                  : Style::Plain;
    line.add(column.right ? fmt::format("{:>{}} ", text, placed.width)
                          : fmt::format("{:<{}} ", text, placed.width),
             style);
  }
  return line;
}

ScreenSelection ConnectionsScreen::selection(const Session& session, const Focus& /*focus*/) const {
  return list().key() ? select_connection(session, *list().key()) : ScreenSelection{};
}

bool ConnectionsScreen::is_problem_at(const Session& session, uint64_t key) const {
  const ConnectionRecord* record = find(session, key);
  return record != nullptr && record->problems > 0;
}

int ConnectionsScreen::list_rows(int rows) const { return std::max(rows / 2, rows - rows_below_); }

Paper ConnectionsScreen::details(const Session& session, uint64_t key, int /*width*/) const {
  const ConnectionRecord* record = find(session, key);
  if (record == nullptr) return {};
  std::vector<Line> lines;
  lines.push_back(Line(name_of(*record), Style::Heading));
  Line& first = lines.back();
  first.add(fmt::format("  {}", record->state));
  if (record->client_is_guess) first.add("  (which end is the client is a guess)", Style::Muted);
  std::string facts = record->framing.empty() ? "no framing" : "framing " + record->framing;
  facts += fmt::format(", from {} for {}", clock_text(session, record->first_ns),
                       span_text(record->last_ns - std::min(record->first_ns, record->last_ns)));
  const std::string vlans =
      vlan_text(record->key, record->half(Direction::ToServer), record->half(Direction::ToClient));
  if (!vlans.empty()) facts += ", " + vlans;
  if (record->rtt_ns != 0) facts += ", round trip " + span_text(record->rtt_ns);
  lines.emplace_back(facts);
  lines.emplace_back(fmt::format("{:<11}{:>8}{:>9}{:>13}{:>8}{:>8}{:>9}{:>11}", "", "packets",
                                 "segments", "bytes", "frames", "resent", "missing", "rate/s"),
                     Style::Muted);
  for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
    const bool to_server = direction == Direction::ToServer;
    const HalfRecord& half = record->half(direction);
    lines.emplace_back(
        fmt::format("{:<11}{:>8}{:>9}{:>13}{:>8}{:>8}{:>9}{:>11}",
                    to_server ? "to server" : "to client", half.packets, half.segments, half.bytes,
                    half.frames, half.resent_segments, half.missing_bytes,
                    amount_text(record->rate.rate(now_ns(session), direction))),
        to_server ? Style::ToServer : Style::ToClient);
    if (half.cut_bytes > 0)
      lines.emplace_back(fmt::format("  {} of them unknown (cut off)", half.cut_bytes),
                         Style::Trouble);
  }
  if (record->calls != nullptr)
    for (Line& line : party_lines(*record->calls)) lines.push_back(std::move(line));
  return Paper::of(std::move(lines));
}

std::string ConnectionsScreen::nothing(const Session& session, const Focus& focus) const {
  if (!focus.filter.empty()) return "No connection fits the filter; & and Enter takes it away.";
  return session.has_ended() ? "There is no TCP or UDP in this capture."
                             : "Waiting for the first packets.";
}

// What is sorted by already is sorted the other way round.
void ConnectionsScreen::click_heading(int column) {
  int end = 0;
  for (const PlacedColumn& placed : placed_) {
    end += placed.width + 1;
    if (column >= end) continue;
    descending_ = placed.index == sort_column_ && !descending_;
    sort_column_ = placed.index;
    return;
  }
}

Outcome ConnectionsScreen::enter(const Session& /*session*/, uint64_t key, Focus& focus) {
  focus.connection = key;
  return Outcome::Enter;
}

Outcome ConnectionsScreen::act(Action action, uint64_t count, const Session& session,
                               Focus& focus) {
  const size_t columns = connection_columns().size();
  if (action == Action::SortNext) {
    sort_column_ = (sort_column_ + 1) % columns;
  } else if (action == Action::SortPrevious) {
    sort_column_ = (sort_column_ + columns - 1) % columns;
  } else if (action == Action::SortInvert) {
    descending_ = !descending_;
  } else if (action == Action::FollowStream && list().key()) {
    focus.connection = *list().key();
    return Outcome::Done;
  } else {
    return ListScreen::act(action, count, session, focus);
  }
  return Outcome::Done;
}

}  // namespace wireseam
