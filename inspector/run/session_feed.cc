// SPDX-License-Identifier: Apache-2.0
#include "inspector/run/session_feed.h"

#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>

#include "common/clock.h"
#include "common/error.h"
#include "tracer/trace/both_events.h"

namespace wireseam {
namespace {

// For the thread that waits for a pipe: without SA_RESTART its read(2) ends.
constexpr int kWakingSignal = SIGURG;

void prepare_waking() {
  struct sigaction action {};
  action.sa_handler = [](int) {};
  sigaction(kWakingSignal, &action, nullptr);
}

}  // namespace

SessionFeed::SessionFeed(PacketSource& source, SharedSession& session, const FeedOptions& options,
                         PacketWriter* keeper)
    : source_(source),
      session_(session),
      keeper_(keeper),
      live_(options.live),
      calls_(options.calls),
      followed_(options.followed),
      told_lines_(options.told),
      lines_(session.sink()),
      changed_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!changed_) throw Error("cannot make an eventfd", errno);
  prepare_waking();
  if (calls_ == nullptr) {
    inspection_ = &alone_.emplace(session.sink(), options.framing, options.limits);
  } else {
    joined_.emplace(session.sink(), options.framing, options.limits, options.traced);
    inspection_ = &joined_->packets();
  }
  thread_ = std::thread([this] { run(); });
}

SessionFeed::~SessionFeed() {
  stopped_ = true;
  stop();
  // It may be about to read only when the first signal comes.
  while (!done_) {
    pthread_kill(thread_.native_handle(), kWakingSignal);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  thread_.join();
}

// Of a recording that goes on the calls that were made so far are still of interest.
void SessionFeed::stop() {
  if (followed_ == nullptr) stopped_ = true;
  source_.stop();
  if (!done_) pthread_kill(thread_.native_handle(), kWakingSignal);
}

void SessionFeed::accept_change() {
  uint64_t count = 0;
  static_cast<void>(read(changed_.get(), &count, sizeof count));
  // Not before: what was told in between would be read away, and nothing ever told again. What
  // changes in between is seen by the look that follows.
  told_ = false;
}

void SessionFeed::tell() {
  if (told_.exchange(true)) return;
  const uint64_t one = 1;
  static_cast<void>(write(changed_.get(), &one, sizeof one));
}

// Files may be taken away while they are read: that ends what there is to be seen, no more.
void SessionFeed::run() {
  try {
    read_all();
    finish();
  } catch (const Error& error) {
    finish_after(error.what());
  }
  tell();
  done_ = true;
}

void SessionFeed::read_all() {
  while (!source_.ended()) {
    const RawPacket* raw = source_.next();
    if (raw != nullptr && keeper_ != nullptr) keeper_->write(*raw);
    take(raw);
    if (raw != nullptr) tell();
  }
}

// Those that took effect before a packet's time. The session hears of a call before what it means
// together with the packets.
void SessionFeed::take_calls(uint64_t until_ns) {
  for (auto next_ns = calls_->peek_time_ns(); !stopped_ && next_ns && *next_ns < until_ns;
       next_ns = calls_->peek_time_ns()) {
    BothEvents sinks(lines_, joined_->calls());
    session_.fill([&](Session&) { calls_->step(sinks); });
    tell();
  }
}

void SessionFeed::take(const RawPacket* raw) {
  if (raw != nullptr && calls_ != nullptr) take_calls(raw->time_ns);
  // What is handed out of a recording that goes on is complete up to its horizon.
  if (raw == nullptr && followed_ != nullptr && !source_.ended()) take_calls(UINT64_MAX);
  session_.fill([&](Session& session) {
    tell_lines(session);
    if (raw == nullptr) return idle(session);
    last_ns_ = raw->time_ns;
    session.packet(*raw);
    inspection_->packet(*raw);
  });
}

void SessionFeed::idle(Session& session) {
  if (!live_ && followed_ == nullptr) return;
  if (source_.ended()) return;
  const uint64_t now_ns = followed_ != nullptr ? followed_->horizon_ns() : realtime_ns();
  session.idle(now_ns);
  if (joined_)
    joined_->idle(now_ns);
  else
    inspection_->idle(now_ns);
  const CaptureDrops drops = source_.drops();
  inspection_->lost({now_ns, drops.kernel, drops.interface});
}

void SessionFeed::tell_lines(Session& session) {
  if (told_lines_ == nullptr || told_lines_->empty()) return;
  for (std::string& line : *told_lines_) session.message(std::move(line));
  told_lines_->clear();
  tell();
}

void SessionFeed::finish() {
  if (calls_ != nullptr) take_calls(UINT64_MAX);
  session_.fill([&](Session& session) {
    tell_lines(session);
    const CaptureDrops drops = source_.drops();
    inspection_->lost({live_ ? realtime_ns() : last_ns_, drops.kernel, drops.interface});
    if (joined_) joined_->calls().finish();
    inspection_->finish(source_.flaw());
    if (keeper_ != nullptr && !keeper_->failure().empty()) session.message(keeper_->failure());
    session.end();
  });
}

void SessionFeed::finish_after(const std::string& failure) {
  failure_ = failure;
  has_failed_ = true;
  session_.fill([&](Session& session) {
    tell_lines(session);
    if (joined_) joined_->calls().finish();
    inspection_->finish(failure);
    session.end();
  });
}

}  // namespace wireseam
