// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/app.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>

#include "common/error.h"
#include "inspector/ui/terminal.h"
#include "inspector/ui/viewer.h"

namespace wireseam {
namespace {

constexpr uint64_t kFrameMs = 33;
constexpr uint64_t kTickMs = 1000;  // after which ages and rates are others

uint64_t clock_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

sigset_t held_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT})
    sigaddset(&signals, signal);
  return signals;
}

class App {
 public:
  App(const AppFeed& feed, const HeldSignals& signals)
      : feed_(feed), signals_(signals), view_(feed.name, feed.live ? Start::Newest : Start::First) {
    // Not ncurses' handler: suspending is done here.
    std::signal(SIGTSTP, SIG_DFL);
  }

  void run();

 private:
  int wait_ms() const;
  void read_keys();
  void read_signal();
  void take_change();
  void obey(const Request& request);
  void suspend();
  void draw();

  const AppFeed& feed_;
  const HeldSignals& signals_;
  Terminal terminal_;
  Viewer view_;
  bool quit_ = false;
  bool stale_ = true;    // what is on the screen
  bool at_once_ = true;  // a key is answered without waiting for the next frame's turn
  bool ended_ = false;
  uint64_t drawn_ms_ = 0;
};

void App::run() {
  while (!quit_) {
    if (stale_ && (at_once_ || clock_ms() - drawn_ms_ >= kFrameMs)) draw();
    std::array<pollfd, 3> events{
        {{terminal_.fd(), POLLIN, 0}, {signals_.fd(), POLLIN, 0}, {feed_.changed_fd, POLLIN, 0}}};
    // What has changed already need not be told again before it is drawn.
    const nfds_t count = stale_ ? 2 : 3;
    const int ready = poll(events.data(), count, wait_ms());
    if (ready == 0 && !ended_) stale_ = true;
    if (ready <= 0) continue;
    if ((events[1].revents & POLLIN) != 0) read_signal();
    if ((events[0].revents & (POLLHUP | POLLERR)) != 0) return;
    if ((events[0].revents & POLLIN) != 0) read_keys();
    if (events[2].revents != 0) take_change();
  }
}

int App::wait_ms() const {
  if (!stale_) return ended_ ? -1 : static_cast<int>(kTickMs);
  const uint64_t since_ms = clock_ms() - drawn_ms_;
  return static_cast<int>(kFrameMs - std::min(kFrameMs, since_ms));
}

void App::take_change() {
  feed_.accept_change();
  stale_ = true;
}

void App::read_keys() {
  while (const auto key = terminal_.read_key()) {
    const Request request = feed_.session.look([&](const Session& session) {
      return view_.key(*key, session, terminal_.size(), clock_ms());
    });
    obey(request);
    stale_ = at_once_ = true;
    if (quit_) return;
  }
}

void App::read_signal() {
  signalfd_siginfo info{};
  if (read(signals_.fd(), &info, sizeof info) != sizeof info) return;
  const auto signal = static_cast<int>(info.ssi_signo);
  stale_ = at_once_ = true;
  if (signal == SIGWINCH)
    terminal_.resize();
  else if (signal == SIGTSTP)
    suspend();
  else if (signal == SIGCONT)
    terminal_.enter();
  else if (signal == SIGINT)
    obey(feed_.session.look([&](const Session& session) {
      return view_.key({control('c')}, session, terminal_.size(), clock_ms());
    }));
  else
    quit_ = true;
}

void App::obey(const Request& request) {
  switch (request.wish) {
    case Wish::None:
      return;
    case Wish::Quit:
      quit_ = true;
      return;
    case Wish::Stop:
      return feed_.stop();
    case Wish::Redraw:
      return terminal_.redraw();
    case Wish::Suspend:
      return suspend();
    case Wish::Copy:
      terminal_.copy(request.text);
      return view_.say("copied, if the terminal takes it: " + request.text);
    case Wish::Write:
      return view_.say(feed_.session.look([&](const Session& session) {
        return feed_.write(session, view_.selection(session), request.text);
      }));
  }
}

// All of the process group, as the terminal's own Ctrl-Z does it. Who has no shell to continue it
// is not stopped: that is the kernel's rule for the default action.
void App::suspend() {
  terminal_.leave();
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  kill(0, SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &stop, nullptr);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  terminal_.enter();
}

void App::draw() {
  const Canvas canvas = feed_.session.look([&](const Session& session) {
    ended_ = session.has_ended();
    return view_.draw(session, terminal_.size(), terminal_.charset());
  });
  // Not while the session is held: a terminal may be slow.
  terminal_.show(canvas);
  drawn_ms_ = clock_ms();
  stale_ = at_once_ = false;
}

}  // namespace

HeldSignals::HeldSignals() {
  const sigset_t signals = held_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  fd_ = signalfd(-1, &signals, SFD_CLOEXEC);
  if (fd_ < 0) throw Error("cannot wait for signals", errno);
}

HeldSignals::~HeldSignals() {
  close(fd_);
  const sigset_t signals = held_signals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

void run_app(const AppFeed& feed, const HeldSignals& signals) { App(feed, signals).run(); }

}  // namespace wireseam
