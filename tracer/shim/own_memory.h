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
  // The segments of the program and of the libraries that it was started with, by address.
  static constexpr size_t kMostSegments = 128;
  Range segments[kMostSegments];
  size_t segment_count;
  uintptr_t heap_begin;  // 0: not known
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

// Whether memory is there: since the kernel has just read or written it and nobody else can have
// taken it away since; or as far as the caller of a hook owns what it names for a call that is yet
// to be made, so that no free(3) of another thread can give it back; or it must be read with care.
enum class Trust : uint8_t { Kernel, Caller, Nobody };

// Whether all of it can be read for as long as the caller is in its function, whatever others do.
bool is_certainly_there(const void* pointer, size_t size, Trust trust);

}  // namespace wireseam
