// SPDX-License-Identifier: Apache-2.0
// A session between the thread that fills it and the one that shows it. Whoever looks gets it soon,
// also in a flood; whoever fills it waits for the look, never for a terminal.
#pragma once

#include <atomic>
#include <mutex>
#include <utility>

#include "inspector/session/session.h"

namespace wireseam {

class SharedSession {
 public:
  explicit SharedSession(size_t memory_limit) : session_(memory_limit) {}

  // What fill() is for, by those who are called within it.
  Session& sink() { return session_; }

  // The filling side, a few microseconds at a time. A mutex alone is not fair: who gives it back
  // and takes it again at once is always first.
  template <typename Fill>
  void fill(Fill change) {
    while (wanted_.load(std::memory_order_acquire)) wanted_.wait(true);
    const std::lock_guard lock(mutex_);
    change(session_);
  }

  // The looking side.
  template <typename Look>
  auto look(Look see) {
    wanted_.store(true, std::memory_order_release);
    const std::lock_guard lock(mutex_);
    wanted_.store(false, std::memory_order_release);
    wanted_.notify_one();
    return see(std::as_const(session_));
  }

 private:
  std::mutex mutex_;
  std::atomic<bool> wanted_ = false;
  Session session_;
};

}  // namespace wireseam
