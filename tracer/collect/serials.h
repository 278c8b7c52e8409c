// SPDX-License-Identifier: Apache-2.0
// Numbers the calls of each thread from 1. Threads that are gone are forgotten now and then: of a
// million that live one after the other only those that may still call take memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <unordered_map>

namespace wireseam {

struct ThreadIds {
  uint32_t pid = 0;
  uint32_t tid = 0;
};

// Whether there is no such thread.
bool thread_is_gone(ThreadIds ids);

class Serials {
 public:
  // The number of the next call of a thread; `thread` is its index in the region.
  uint32_t next(ThreadIds ids, uint32_t thread) {
    Thread& entry = threads_[thread];
    entry.ids = ids;
    return ++entry.last;
  }

  // There are so many that some may be gone: time for forget_gone.
  bool is_full() const { return threads_.size() >= limit_; }

  // Forgets threads that are gone and of which nothing more can come; costs a system call each.
  void forget_gone(const std::set<uint32_t>& writing);

  size_t size() const { return threads_.size(); }

 private:
  struct Thread {
    ThreadIds ids;
    uint32_t last = 0;
  };

  std::unordered_map<uint32_t, Thread> threads_;  // by index
  size_t limit_ = 4096;
};

}  // namespace wireseam
