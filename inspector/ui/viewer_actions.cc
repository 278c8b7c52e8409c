// SPDX-License-Identifier: Apache-2.0
// What the actions do that belong to no screen alone.
#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "common/error.h"
#include "inspector/ui/viewer.h"

namespace wireseam {
namespace {

std::optional<ScreenId> screen_for(Action action) {
  if (action < Action::Connections || action > Action::Help) return std::nullopt;
  return static_cast<ScreenId>(static_cast<int>(action) - static_cast<int>(Action::Connections));
}

// Those that are for somebody else, as they are.
Wish wish_of(Action action) {
  if (action == Action::Quit) return Wish::Quit;
  if (action == Action::Suspend) return Wish::Suspend;
  if (action == Action::Redraw) return Wish::Redraw;
  return Wish::None;
}

bool is_prompted(Action action) {
  return action == Action::Search || action == Action::Filter || action == Action::Command ||
         action == Action::Write;
}

// Which of the screens Enter leads to.
ScreenId next_screen(ScreenId from, const Focus& focus) {
  if ((from == ScreenId::Ladder || from == ScreenId::Seams) && focus.call) return ScreenId::Calls;
  if (from == ScreenId::Connections || from == ScreenId::Packets || from == ScreenId::Calls)
    return ScreenId::Ladder;
  return from == ScreenId::Frames ? ScreenId::Seams : ScreenId::Packets;
}

}  // namespace

bool Viewer::is_number(std::string_view digits) {
  return digits.find_first_of("089") != digits.npos;
}

Request Viewer::act(Action action, const Session& session) {
  const std::string number = std::exchange(number_, "");
  if (const auto id = screen_for(action)) {
    number_ = *id == ScreenId::Help ? "" : number;
    show(*id, session);
    return {};
  }
  uint64_t count = 0;
  const bool to_line = action == Action::First || action == Action::Last;
  if (!number.empty() && (to_line || is_number(number))) {
    std::from_chars(number.data(), number.data() + number.size(), count);
    take_screens_back();
  }
  if (const Wish wish = wish_of(action); wish != Wish::None) return {wish, ""};
  if (is_prompted(action)) {
    prompt_.open(action, action == Action::Filter ? focus_.filter.text() : "");
    return {};
  }
  if (action == Action::Interrupt) return interrupt(session);
  if (action == Action::Back || action == Action::Leave) return back(action, session);
  if (action == Action::Copy) return {Wish::Copy, screen_of(current_).selected_text(session)};
  act_here(action, count, session);
  return {};
}

void Viewer::act_here(Action action, uint64_t count, const Session& session) {
  if (action == Action::Pause) {
    pause(session);
  } else if (action == Action::SearchNext || action == Action::SearchPrevious) {
    search(action, session);
  } else if (action == Action::Mark || action == Action::GoToMark) {
    waiting_ = action;
    message_ = action == Action::Mark ? "mark this line with a letter: " : "to the mark: ";
  } else {
    const uint64_t before = focus_.connection;
    if (action == Action::Enter) focus_.call.reset();
    const Outcome outcome = screen_of(current_).act(action, count, session, focus_);
    if (outcome == Outcome::Enter) go_into(next_screen(current_, focus_), before, session);
    if (action == Action::FollowStream) go_into(ScreenId::Stream, before, session);
    if (outcome == Outcome::Ignored &&
        (action == Action::NextProblem || action == Action::PreviousProblem))
      message_ = "no more problems in this direction";
  }
}

// What is about one connection is, from the list of them, about the one at the cursor.
void Viewer::show(ScreenId id, const Session& session) {
  if (id == current_) return;
  path_.clear();
  // From help one comes back to what it was asked about.
  if (id == ScreenId::Help) path_.push_back({current_, focus_.connection});
  const bool is_about_one = id == ScreenId::Ladder || id == ScreenId::Seams;
  const auto chosen =
      is_about_one && current_ == ScreenId::Connections ? screen_of(current_).key() : std::nullopt;
  current_ = id;
  if (!chosen || *chosen == focus_.connection) return;
  focus_.packet = 0;
  focus_.call.reset();
  look_at(*chosen, session);
}

// `before`: the connection that was looked at before there was another to go into.
void Viewer::go_into(ScreenId id, uint64_t before, const Session& session) {
  if (id == current_) return;
  path_.push_back({current_, before});
  current_ = id;
  look_at(focus_.connection, session);
}

void Viewer::look_at(uint64_t connection, const Session& session) {
  focus_.connection = connection;
  for (const auto& screen : screens_)
    if (screen != screens_[static_cast<size_t>(ScreenId::Connections)]) screen->reset(start_);
  settle(session);
  if (focus_.packet != 0) screen_of(current_).go_to_packet(session, focus_, focus_.packet);
  if (focus_.call) screen_of(current_).go_to_call(session, focus_, *focus_.call);
}

Request Viewer::back(Action action, const Session& session) {
  if (!path_.empty()) {
    const Step step = path_.back();
    path_.pop_back();
    current_ = step.screen;
    look_at(step.connection, session);
    return {};
  }
  if (current_ == ScreenId::Connections) {
    if (action == Action::Leave) return {Wish::Quit, ""};
    message_ = "this is the first screen; q or Q ends";
    return {};
  }
  current_ = ScreenId::Connections;
  focus_.packet = 0;
  focus_.call.reset();
  look_at(0, session);
  return {};
}

void Viewer::pause(const Session& session) {
  paused_ = !paused_;
  focus_.horizon = {};
  if (paused_)
    focus_.horizon = {session.packets().end(), session.segments().end(), session.frames().end(),
                      session.calls().end(), session.messages().size()};
  // Those that aren't looked at now hold what there is now, too.
  for (const auto& screen : screens_) screen->update(session, focus_, body_);
}

Request Viewer::interrupt(const Session& session) {
  if (stopping_ || session.has_ended()) return {Wish::Quit, ""};
  stopping_ = true;
  message_ = "the capture is stopped; Ctrl-C once more ends";
  return {Wish::Stop, ""};
}

void Viewer::search(Action action, const Session& session) {
  if (focus_.search.empty()) {
    message_ = "nothing was searched for so far: /";
    return;
  }
  if (!screen_of(current_).search(session, focus_, action))
    message_ = "'" + focus_.search + "' is not there in this direction";
}

void Viewer::set_filter(const std::string& text) {
  try {
    focus_.filter = DisplayFilter(text);
    forget_lists();
  } catch (const Error& error) {
    message_ = error.what();
  }
}

void Viewer::forget_lists() {
  for (const auto& screen : screens_) screen->reset(start_);
}

void Viewer::take_mark(Key key, const Session& session) {
  const Action waiting = *std::exchange(waiting_, std::nullopt);
  if (!key.is_character()) return;
  if (waiting == Action::Mark) {
    if (const auto line = screen_of(current_).key()) {
      marks_[key.code] = {current_, *line};
      message_ = "marked";
    }
    return;
  }
  const auto mark = marks_.find(key.code);
  if (mark == marks_.end()) {
    message_ = "there is no such mark";
    return;
  }
  show(mark->second.screen, session);
  settle(session);
  if (!screen_of(current_).go_to_key(mark->second.key))
    message_ = "the line fell away, or the filter hides it";
}

Request Viewer::submit(const std::string& text, Action purpose, const Session& session) {
  if (purpose == Action::Command) return command(text, session);
  if (purpose == Action::Write) return text.empty() ? Request{} : Request{Wish::Write, text};
  if (purpose == Action::Filter) {
    set_filter(text);
  } else {
    if (!text.empty()) focus_.search = text;
    search(Action::SearchNext, session);
  }
  return {};
}

Request Viewer::command(const std::string& text, const Session& session) {
  const size_t space = std::min(text.find(' '), text.size());
  const std::string name = text.substr(0, space);
  const std::string operand = text.substr(std::min(text.size(), space + 1));
  uint64_t line = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), line);
  if (error == std::errc() && end == name.data() + name.size()) {
    act_here(Action::First, line, session);
  } else if (name == "q" || name == "quit") {
    return {Wish::Quit, ""};
  } else if (name == "stop") {
    return interrupt(session);
  } else if (name == "w" && !operand.empty()) {
    return {Wish::Write, operand};
  } else if (name == "filter") {
    set_filter(operand);
  } else if (!name.empty()) {
    message_ = "no such command: " + name + " (a line number, q, w FILE, filter TEXT, stop)";
  }
  return {};
}

}  // namespace wireseam
