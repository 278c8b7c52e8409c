// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/viewer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "inspector/ui/calls_screen.h"
#include "inspector/ui/connections_screen.h"
#include "inspector/ui/frames_screen.h"
#include "inspector/ui/help_screen.h"
#include "inspector/ui/ladder_screen.h"
#include "inspector/ui/messages_screen.h"
#include "inspector/ui/packets_screen.h"
#include "inspector/ui/seams_screen.h"
#include "inspector/ui/search.h"
#include "inspector/ui/stream_screen.h"
#include "inspector/ui/words.h"

namespace wireseam {
namespace {

constexpr Size kSmallest{12, 40};
constexpr int kWideTabs = 77;
constexpr size_t kMostDigits = 18;
constexpr uint64_t kNumberMs = 500;  // within which the next digit belongs to the same number

struct Tab {
  std::string_view key;
  std::string_view name;  // of the current one alone where there is little room
};

constexpr std::array<Tab, kTabs> kTabNames = {{{"1", "Connections"},
                                               {"2", "Ladder"},
                                               {"3", "Seams"},
                                               {"4", "Frames"},
                                               {"5", "Packets"},
                                               {"6", "Calls"},
                                               {"7", "Messages"},
                                               {"?", "Help"}}};

Size body_of(Size size) { return {std::max(0, size.rows - 3), size.columns}; }

}  // namespace

Viewer::Viewer(std::string source, Start start) : source_(std::move(source)), start_(start) {
  screens_ = {std::make_unique<ConnectionsScreen>(), std::make_unique<LadderScreen>(),
              std::make_unique<SeamsScreen>(),       std::make_unique<FramesScreen>(),
              std::make_unique<PacketsScreen>(),     std::make_unique<CallsScreen>(),
              std::make_unique<MessagesScreen>(),    std::make_unique<HelpScreen>(),
              std::make_unique<StreamScreen>()};
  forget_lists();
}

Viewer::~Viewer() = default;

Request Viewer::key(Key key, const Session& session, Size size, uint64_t now_ms) {
  message_.clear();
  messages_seen_ = session.messages().size();
  body_ = body_of(size);
  settle(session);
  if (prompt_.is_open()) {
    const Action purpose = prompt_.purpose();
    const auto text = prompt_.key(key);
    if (!text) return {};
    return submit(*text, purpose, session);
  }
  if (waiting_) {
    take_mark(key, session);
    return {};
  }
  if (key.code == kKeyClick || key.code == kKeyDoubleClick) return click(key, session);
  if (take_digit(key, now_ms)) return {};
  const auto action = action_of(key);
  if (!action) {
    number_.clear();
    message_ = "no such key; ? shows all of them";
    return {};
  }
  return act(*action, session);
}

bool Viewer::shows_name(size_t tab) const {
  return wide_tabs_ || static_cast<ScreenId>(tab) == current_;
}

// With the space before it.
int Viewer::tab_width(size_t tab) const {
  const Tab& shown = kTabNames[tab];
  return static_cast<int>(1 + shown.key.size() + (shows_name(tab) ? 1 + shown.name.size() : 0));
}

Request Viewer::click(Key key, const Session& session) {
  if (key.row == 0) {
    int column = 0;
    for (size_t i = 0; i < kTabs; ++i) {
      column += tab_width(i);
      if (key.column < column) {
        show(static_cast<ScreenId>(i), session);
        break;
      }
    }
    return {};
  }
  screen_of(current_).click(key.row - 2, key.column);
  return key.code == kKeyDoubleClick ? act(Action::Enter, session) : Request{};
}

// Digits that are screens show them at once; what follows tells whether they were a number.
bool Viewer::take_digit(Key key, uint64_t now_ms) {
  const bool fresh = !number_.empty() && now_ms - number_ms_ <= kNumberMs;
  if (!fresh) number_.clear();
  if (key.code < '0' || key.code > '9') return false;
  number_ms_ = now_ms;
  if (number_.empty()) {
    left_ = current_;
    left_path_ = path_;
  }
  if (number_.size() < kMostDigits) number_ += static_cast<char>(key.code);
  if (!is_number(number_)) return false;
  take_screens_back();
  return true;
}

void Viewer::take_screens_back() {
  current_ = left_;
  path_ = left_path_;
}

void Viewer::draw_tabs(const Area& area) const {
  area.fill(0, ' ', Style::Bar);
  int column = 0;
  for (size_t i = 0; i < kTabs; ++i) {
    const bool is_current = static_cast<ScreenId>(i) == current_;
    column =
        area.write(0, column + 1, kTabNames[i].key, is_current ? Style::Selected : Style::BarKey);
    if (shows_name(i))
      column = area.write(0, column, fmt::format(" {}", kTabNames[i].name),
                          is_current ? Style::Selected : Style::Bar);
  }
}

std::string Viewer::status_text(const Session& session) const {
  const SessionTotals& totals = session.totals();
  std::string text = " " + source_;
  if (session.has_ended())
    text += ", ended";
  else if (stopping_)
    text += ", stopping";
  if (paused_)
    return text +
           ", PAUSED: " + counted(session.packets().end() - focus_.horizon.packets, "packet") +
           " behind";
  text += ": " + counted(totals.packets, "packet") + ", " +
          counted(totals.connections, "connection") + ", " + counted(totals.frames, "frame");
  if (totals.calls > 0) text += ", " + counted(totals.calls, "call");
  if (screen_of(current_).follows() && !session.has_ended()) text += ", following";
  return text;
}

// What was last said that no key has answered.
std::string Viewer::message(const Session& session) const {
  if (!message_.empty() || session.messages().size() <= messages_seen_) return message_;
  return session.messages().back().text;
}

void Viewer::settle(const Session& session) { screen_of(current_).update(session, focus_, body_); }

void Viewer::draw_status(const Session& session, const Area& area) const {
  area.fill(0, ' ', Style::Bar);
  if (prompt_.is_open()) {
    const std::string text = prompt_.shown();
    // Of what is longer than the line the end is seen, where the typing happens.
    const int over = width_of(text, Charset::Unicode) + 1 - area.columns();
    const int end = area.write(0, 0, over > 0 ? text.substr(static_cast<size_t>(over)) : text);
    area.put(0, end, ' ', Style::Selected);
    return;
  }
  const std::string said = message(session);
  const int end = area.write(0, 0, said.empty() ? status_text(session) : " " + said,
                             said.empty() ? Style::Bar : Style::Note);
  const CaptureLosses& losses = session.totals().losses;
  if (losses.any())
    area.write_right(0, end, area.columns() - end - 1,
                     losses.calls > 0 ? fmt::format("{} calls lost", amount_text(losses.calls))
                                      : fmt::format("{} dropped", amount_text(losses.packets())),
                     Style::Trouble);
  else if (area.columns() - end > 8)
    area.write_right(0, end, area.columns() - end - 1, "? help", Style::Bar);
}

Canvas Viewer::draw(const Session& session, Size size, Charset charset) {
  Canvas canvas(size, charset);
  const Area area(canvas);
  if (size.rows < kSmallest.rows || size.columns < kSmallest.columns) {
    area.write(0, 0, fmt::format("{}x{} is too small:", size.columns, size.rows));
    area.write(1, 0, fmt::format("{}x{} is needed", kSmallest.columns, kSmallest.rows));
    return canvas;
  }
  body_ = body_of(size);
  settle(session);
  const Screen& screen = screen_of(current_);
  wide_tabs_ = size.columns >= kWideTabs;
  draw_tabs(area.row(0));
  area.write(1, 1, screen.title(session, focus_), Style::Muted);
  const Rect body{2, 0, body_of(size)};
  screen.draw(session, focus_, area.part(body));
  mark_text(canvas, body, focus_.search);
  draw_status(session, area.row(size.rows - 1));
  return canvas;
}

}  // namespace wireseam
