// SPDX-License-Identifier: Apache-2.0
#include <poll.h>

#include <algorithm>
#include <chrono>

#include "common/error.h"
#include "inspector/ui/script.h"
#include "inspector/ui/viewer.h"

namespace wireseam {
namespace {

using Clock = std::chrono::steady_clock;

constexpr uint64_t kUsualLimitMs = 10'000;
constexpr int kTickMs = 1000;          // after which ages and rates are others
constexpr uint64_t kPauseMs = 10'000;  // of the clock of keys, between two commands

class ScriptPlayer {
 public:
  using Show = std::function<void(std::string_view)>;

  ScriptPlayer(const AppFeed& feed, const Script& script, const Show& show)
      : feed_(feed),
        script_(script),
        show_(show),
        view_(feed.name, feed.live ? Start::Newest : Start::First) {}

  void play();

 private:
  void wait_for_end();
  // False: a key has ended the program.
  bool play(const ScriptStep& step);
  bool press(Key key);
  bool obey(const Request& request);
  void wait(const ScriptStep& step);
  void wait_for_change(int limit_ms) const;
  std::string screen();

  const AppFeed& feed_;
  const Script& script_;
  const Show& show_;
  Viewer view_;
  Size size_{24, 80};
  Charset charset_ = charset_of_locale();
  uint64_t limit_ms_ = kUsualLimitMs;
  uint64_t clock_ms_ = 0;  // of the keys, so that what they mean never depends on the machine
  bool ended_ = false;     // nothing more will come
};

void ScriptPlayer::play() {
  if (!feed_.live) wait_for_end();
  for (const ScriptStep& step : script_.steps)
    if (!play(step)) return;
}

bool ScriptPlayer::play(const ScriptStep& step) {
  clock_ms_ += kPauseMs;
  switch (step.verb) {
    case ScriptVerb::Size:
      size_ = step.size;
      return true;
    case ScriptVerb::Press:
    case ScriptVerb::Type:
      return std::ranges::all_of(step.keys, [this](Key key) { return press(key); });
    case ScriptVerb::Limit:
      limit_ms_ = step.limit_ms;
      return true;
    case ScriptVerb::Wait:
      wait(step);
      return true;
    case ScriptVerb::Show:
      show_(screen());
      return true;
  }
  return true;
}

bool ScriptPlayer::press(Key key) {
  // As on a terminal, where what a key is for has been seen.
  screen();
  return obey(feed_.session.look(
      [&](const Session& session) { return view_.key(key, session, size_, clock_ms_); }));
}

bool ScriptPlayer::obey(const Request& request) {
  switch (request.wish) {
    case Wish::Quit:
      return false;
    case Wish::Stop:
      feed_.stop();
      return true;
    case Wish::Copy:
      view_.say("copied: " + request.text);
      return true;
    case Wish::Write:
      view_.say(feed_.session.look([&](const Session& session) {
        return feed_.write(session, view_.selection(session), request.text);
      }));
      return true;
    case Wish::None:
    case Wish::Redraw:
    case Wish::Suspend:
      return true;
  }
  return true;
}

void ScriptPlayer::wait_for_end() {
  while (!feed_.session.look([](const Session& session) { return session.has_ended(); }))
    wait_for_change(-1);
}

void ScriptPlayer::wait_for_change(int limit_ms) const {
  pollfd changed{feed_.changed_fd, POLLIN, 0};
  if (poll(&changed, 1, limit_ms) > 0) feed_.accept_change();
}

void ScriptPlayer::wait(const ScriptStep& step) {
  const auto limit = Clock::now() + std::chrono::milliseconds(limit_ms_);
  while (true) {
    const std::string seen = screen();
    if (seen.find(step.text) != seen.npos) return;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(limit - Clock::now());
    if (ended_ || left.count() <= 0) {
      show_(seen);
      throw Error(script_.name + ":" + std::to_string(step.line) + ": the screen does not show '" +
                  step.text + "'" + (ended_ ? ", and nothing more will come" : ""));
    }
    wait_for_change(static_cast<int>(std::min<int64_t>(left.count(), kTickMs)));
  }
}

std::string ScriptPlayer::screen() {
  return feed_.session.look([&](const Session& session) {
    ended_ = session.has_ended();
    return view_.draw(session, size_, charset_).text();
  });
}

}  // namespace

void play_script(const AppFeed& feed, const Script& script,
                 const std::function<void(std::string_view)>& show) {
  ScriptPlayer(feed, script, show).play();
}

}  // namespace wireseam
