// SPDX-License-Identifier: Apache-2.0
// The inspector as its user sees it: the screens, the keys, the lines at the top and the bottom.
// Knows no terminal: keys go in, a canvas and wishes come out.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inspector/ui/prompt.h"
#include "inspector/ui/screen.h"

namespace wireseam {

enum class ScreenId : uint8_t {
  Connections,
  Ladder,
  Seams,
  Frames,
  Packets,
  Calls,
  Messages,
  Help,
  Stream,  // without a tab
};
inline constexpr size_t kScreens = 9;
inline constexpr size_t kTabs = 8;

// What the view can't do itself.
enum class Wish : uint8_t { None, Quit, Stop, Redraw, Suspend, Copy, Write };

struct Request {
  Wish wish = Wish::None;
  std::string text;  // to be copied; the file to write to
};

class Viewer {
 public:
  // `source`: what is looked at, for the status line. `start`: of the lists that grow.
  Viewer(std::string source, Start start);
  ~Viewer();

  // A key, at `now_ms` of any clock.
  Request key(Key key, const Session& session, Size size, uint64_t now_ms);
  Canvas draw(const Session& session, Size size, Charset charset);

  // Shown on the last line until the next key.
  void say(std::string message) { message_ = std::move(message); }

  // What is to be written to a file.
  ScreenSelection selection(const Session& session) const {
    return screen_of(current_).selection(session, focus_);
  }

  ScreenId screen() const { return current_; }
  const Focus& focus() const { return focus_; }

 private:
  struct Step {
    ScreenId screen;
    uint64_t connection;
  };
  struct Place {
    ScreenId screen;
    uint64_t key;
  };

  Screen& screen_of(ScreenId id) { return *screens_[static_cast<size_t>(id)]; }
  const Screen& screen_of(ScreenId id) const { return *screens_[static_cast<size_t>(id)]; }

  bool take_digit(Key key, uint64_t now_ms);
  void take_screens_back();
  // Whether there is a digit in it that is no screen.
  static bool is_number(std::string_view digits);
  void take_mark(Key key, const Session& session);
  Request click(Key key, const Session& session);
  Request submit(const std::string& text, Action purpose, const Session& session);
  Request command(const std::string& text, const Session& session);
  Request act(Action action, const Session& session);
  void act_here(Action action, uint64_t count, const Session& session);

  void show(ScreenId id, const Session& session);
  void go_into(ScreenId id, uint64_t before, const Session& session);
  Request back(Action action, const Session& session);
  void pause(const Session& session);
  void look_at(uint64_t connection, const Session& session);
  Request interrupt(const Session& session);
  void search(Action action, const Session& session);
  void set_filter(const std::string& text);
  void forget_lists();
  void settle(const Session& session);

  bool shows_name(size_t tab) const;
  int tab_width(size_t tab) const;
  void draw_tabs(const Area& area) const;
  void draw_status(const Session& session, const Area& area) const;
  std::string status_text(const Session& session) const;
  std::string message(const Session& session) const;

  std::string source_;
  Start start_;
  std::array<std::unique_ptr<Screen>, kScreens> screens_;
  ScreenId current_ = ScreenId::Connections;
  std::vector<Step> path_;  // that Back goes back
  Focus focus_;
  Prompt prompt_;
  std::string message_;
  bool paused_ = false;
  bool stopping_ = false;
  bool wide_tabs_ = false;
  Size body_;                      // the room for a screen
  size_t messages_seen_ = 0;       // of the session's
  std::optional<Action> waiting_;  // for the letter of a mark
  std::map<char32_t, Place> marks_;

  // A number that is being typed, and the screen that its first digit has led away from.
  std::string number_;
  uint64_t number_ms_ = 0;
  ScreenId left_ = ScreenId::Connections;
  std::vector<Step> left_path_;
};

}  // namespace wireseam
