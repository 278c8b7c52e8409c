// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/calls_screen.h"

#include <fmt/format.h>

#include <algorithm>

#include "inspector/ui/call_details.h"
#include "inspector/ui/words.h"

namespace wireseam {
namespace {

constexpr int kDetailRows = 7;
constexpr int kRoomForThreads = 60;  // columns

Style style_of(const TracedCall& call) {
  if (call.problem) return Style::Trouble;
  if (call.name.empty()) return Style::Muted;
  if (call.connection == 0) return Style::Plain;
  return call.role == Role::Client ? Style::ToServer : Style::ToClient;
}

// What does not fit is left out before the result.
std::string fitted(const std::string& text, int width) {
  const auto room = static_cast<size_t>(std::max(0, width));
  const size_t result = text.rfind(" = ");
  if (text.size() <= room || result == text.npos || text.size() - result + 1 > room / 2)
    return text;
  const std::string tail = text.substr(result);
  return text.substr(0, room - tail.size() - 1) + "~" + tail;
}

}  // namespace

std::string CallsScreen::title(const Session& session, const Focus& focus) const {
  if (session.calls().end() == 0) return "no calls";
  const size_t lines = list().keys.size();
  std::string text = is_of_one(focus)
                         ? fmt::format("{} of #{}", counted(lines, "call"), focus.connection)
                         : counted(lines, "line");
  if (!focus.filter.empty()) text += ": " + focus.filter.text();
  if (session.calls().begin() > 0)
    text += fmt::format(" ({} older ones fell away)", session.calls().begin());
  if (focus.connection != 0)
    text += is_of_one(focus) ? "; o: of all programs" : "; o: of the connection";
  return text;
}

void CallsScreen::reset(Start start) {
  ListScreen::reset(start);
  start_ = start;
  seen_ = 0;
}

void CallsScreen::collect(const Session& session, const Focus& focus, ListCursor& list) {
  const Kept<TracedCall>& calls = session.calls();
  while (!list.keys.empty() && list.keys.front() < calls.begin()) list.keys.pop_front();
  if (!is_of_one(focus)) {
    for (seen_ = std::max(seen_, calls.begin()); seen_ < std::min(calls.end(), focus.horizon.calls);
         ++seen_)
      add(session, focus, seen_);
    return;
  }
  const ConnectionRecord* record = session.find_connection(focus.connection);
  if (record == nullptr || record->calls == nullptr) return;
  const Kept<uint64_t>& all = record->calls->all;
  for (seen_ = std::max(seen_, all.begin()); seen_ < all.end(); ++seen_) {
    if (*all.find(seen_) >= focus.horizon.calls) break;
    add(session, focus, *all.find(seen_));
  }
}

// Nearly always at the end: whose a socket is becomes known a bit later.
void CallsScreen::add(const Session& session, const Focus& focus, uint64_t index) {
  const TracedCall* call = session.calls().find(index);
  if (call == nullptr) return;
  if (!focus.filter.selects(
          {.connection = session.find_connection(call->connection), .call = call}))
    return;
  auto& keys = list().keys;
  keys.insert(std::ranges::upper_bound(keys, index), index);
}

Line CallsScreen::heading(const Session& /*session*/, int width) const {
  if (width < kRoomForThreads) return Line(fmt::format("{:>11} {}", "returned", "call"));
  return Line(fmt::format("{:>11} {:>7} {:>4} {}", "returned", "pid", "conn", "call"));
}

Line CallsScreen::line(const Session& session, uint64_t key, int width) const {
  const TracedCall* call = session.calls().find(key);
  if (call == nullptr) return {};
  std::string before = fmt::format("{:>11} ", clock_text(session, call->end_ns()));
  if (width >= kRoomForThreads) {
    const std::string connection =
        call->connection == 0 ? "" : fmt::format("#{}", call->connection);
    before += fmt::format("{:>7} {:>4} ", call->tid, connection);
  }
  return Line(before, Style::Muted)
      .add(fitted(call->text, width - static_cast<int>(before.size())), style_of(*call));
}

ScreenSelection CallsScreen::selection(const Session& session, const Focus& /*focus*/) const {
  ScreenSelection selection;
  for (const uint64_t index : list().keys)
    if (const TracedCall* call = session.calls().find(index)) selection.bytes += call->text + '\n';
  return selection;
}

bool CallsScreen::is_problem_at(const Session& session, uint64_t key) const {
  const TracedCall* call = session.calls().find(key);
  return call != nullptr && call->problem;
}

Paper CallsScreen::details(const Session& session, uint64_t key, int width) const {
  const TracedCall* call = session.calls().find(key);
  return call == nullptr ? Paper{} : Paper::of(call_lines(session, *call, width));
}

std::string CallsScreen::nothing(const Session& session, const Focus& focus) const {
  if (session.totals().calls == 0)
    return "No calls: a capture has packets alone.\nTo see a program's calls beside them:\n\n"
           "  wireseam record -o DIR PROGRAM\n  wireseam inspect DIR";
  if (!focus.filter.empty()) return "No call fits the filter; & and Enter takes it away.";
  return is_of_one(focus) ? "No calls of this connection; o shows all." : "The calls fell away.";
}

int CallsScreen::list_rows(int rows) const { return std::max(rows / 2, rows - kDetailRows); }

Outcome CallsScreen::act(Action action, uint64_t count, const Session& session, Focus& focus) {
  if (action != Action::Other) return ListScreen::act(action, count, session, focus);
  scope_ = scope_ == Scope::Connection ? Scope::Everything : Scope::Connection;
  const auto chosen = list().key();
  reset(start_);
  collect(session, focus, list());
  if (chosen) list().go_to_key(*chosen);
  return Outcome::Done;
}

void CallsScreen::go_to_call(const Session& /*session*/, const Focus& /*focus*/, uint64_t index) {
  go_to_key(index);
}

// To its place among the packets.
Outcome CallsScreen::enter(const Session& session, uint64_t key, Focus& focus) {
  const TracedCall* call = session.calls().find(key);
  if (call == nullptr || call->connection == 0) return Outcome::Done;
  focus.connection = call->connection;
  focus.packet = 0;
  focus.call = key;
  return Outcome::Enter;
}

}  // namespace wireseam
