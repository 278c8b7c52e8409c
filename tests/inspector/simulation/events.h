// SPDX-License-Identifier: Apache-2.0
// The simulation's clock: what is to happen, by its time.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

namespace wireseam::test {

class Events {
 public:
  using Action = std::function<void()>;

  uint64_t now_ns() const { return now_ns_; }

  void after(uint64_t delay_ns, Action action) { at(now_ns_ + delay_ns, std::move(action)); }
  void at(uint64_t time_ns, Action action) {
    queue_.push({time_ns < now_ns_ ? now_ns_ : time_ns, ++count_, std::move(action)});
  }

  void run_until(uint64_t end_ns) {
    while (!queue_.empty() && queue_.top().time_ns <= end_ns) {
      const Event event = queue_.top();
      queue_.pop();
      now_ns_ = event.time_ns;
      event.action();
    }
  }

 private:
  struct Event {
    uint64_t time_ns;
    uint64_t number;  // those of one time happen in the order in which they were planned
    Action action;

    bool operator<(const Event& other) const {
      return time_ns != other.time_ns ? time_ns > other.time_ns : number > other.number;
    }
  };

  std::priority_queue<Event> queue_;
  uint64_t now_ns_ = 0;
  uint64_t count_ = 0;
};

}  // namespace wireseam::test
