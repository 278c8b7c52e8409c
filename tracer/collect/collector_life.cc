// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/collector_life.h"

#include <sys/syscall.h>
#include <unistd.h>

namespace wireseam {
namespace {

// The kernel adds it to an entry's address to find the word. Both lie anywhere.
long distance(const void* from, const void* to) {
  return static_cast<long>(reinterpret_cast<uintptr_t>(to) - reinterpret_cast<uintptr_t>(from));
}

}  // namespace

CollectorLife::CollectorLife(std::atomic<uint32_t>& word)
    : word_(word), tid_(static_cast<uint32_t>(syscall(SYS_gettid))) {
  list_.list.next = &entry_;
  entry_.next = &list_.list;
  list_.futex_offset = distance(&entry_, &word_);
  word_.store(tid_, std::memory_order_release);
  // libc's own list, which is for robust mutexes that we have none of.
  syscall(SYS_get_robust_list, 0, &old_list_, &old_size_);
  syscall(SYS_set_robust_list, &list_, sizeof list_);
}

CollectorLife::~CollectorLife() {
  syscall(SYS_set_robust_list, old_list_, sizeof list_);
  word_.store(FUTEX_OWNER_DIED, std::memory_order_release);
}

bool CollectorLife::is_intact() {
  if (word_.load(std::memory_order_relaxed) == tid_) return true;
  word_.store(tid_, std::memory_order_release);
  return false;
}

}  // namespace wireseam
