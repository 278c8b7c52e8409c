// SPDX-License-Identifier: Apache-2.0
// What is known of the program's memory without asking the kernel: which of it is certainly there,
// and whether anybody but the caller of a hook can change it or take it away during a call.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

// glibc's, from 2.32: false as soon as there may be a second thread (sys/single_threaded.h).
// Elsewhere nobody knows.
extern "C" char __libc_single_threaded __attribute__((weak));
// Where the heap of brk(2) ends, as glibc keeps it.
extern "C" void* __curbrk __attribute__((weak));

namespace wireseam {

struct OwnMemory {
  struct Range {
    uintptr_t begin;
    uintptr_t end;
  };
  // The program's own segments, and where its heap begins; 0: not known.
  static constexpr size_t kMostSegments = 4;
  Range segments[kMostSegments];
  uintptr_t heap_begin;
  // The program has changed the mapping of any of them: from then on nothing is certain there.
  std::atomic<bool> was_remapped;
  // It has mapped what other processes may write or cut off, or has been seen to have threads or
  // children in its memory that libc did not make.
  std::atomic<bool> is_shared;
};

extern constinit OwnMemory own_memory;

// Before main.
void find_own_memory();

inline void note_shared_memory() { own_memory.is_shared.store(true, std::memory_order_relaxed); }

// The program is about to unmap this, to put something else there or to make it unreadable.
void note_remapping(const void* begin, size_t size);

inline bool may_have_threads() {
  return &__libc_single_threaded == nullptr || __libc_single_threaded == 0;
}

inline bool others_reach_memory() {
  return own_memory.is_shared.load(std::memory_order_relaxed) || may_have_threads();
}

// Whether all of it can be read for as long as the caller is in its function, whatever others do.
bool is_certainly_there(const void* pointer, size_t size);

}  // namespace wireseam
