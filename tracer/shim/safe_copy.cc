// SPDX-License-Identifier: Apache-2.0
// process_vm_readv(2) on oneself cannot fault: it answers EFAULT. Most of what must be read before
// a call (lengths, time-outs, fd_sets) are local variables of the caller, and what lies between
// this function's frame and the top of its stack is mapped: no system call is needed for that.
#include "tracer/shim/safe_copy.h"

#include <string.h>
#include <sys/uio.h>

#include <algorithm>
#include <cstdint>

#include "tracer/shim/raw_syscall.h"
#include "tracer/shim/state.h"

namespace wireseam {
namespace {

// A stack below this size is taken to be whole between a frame and its top. A frame that is farther
// away is on another stack (sigaltstack, a coroutine).
constexpr uintptr_t kStackReach = 8u << 20;

uintptr_t thread_pointer() {
#if defined(__x86_64__)
  uintptr_t pointer;
  __asm__("mov %%fs:0, %0" : "=r"(pointer));
  return pointer;
#else
  return reinterpret_cast<uintptr_t>(__builtin_thread_pointer());
#endif
}

bool between(uintptr_t frame, uintptr_t begin, uintptr_t end, uintptr_t top) {
  return frame < top && top - frame < kStackReach && begin >= frame && begin <= end && end <= top;
}

// The main thread's stack ends behind its environment; libc puts a thread's block on top of the
// stack of each other one.
bool on_own_stack(const void* pointer, size_t size) {
  const auto frame = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  const auto begin = reinterpret_cast<uintptr_t>(pointer);
  return between(frame, begin, begin + size, shim.main_stack_top) ||
         between(frame, begin, begin + size, thread_pointer());
}

bool read_own_memory(void* target, const void* source, size_t size) {
  if (shim.sandboxed.load(std::memory_order_relaxed)) return false;
  const iovec local{target, size};
  const iovec remote{const_cast<void*>(source), size};
  const long pid = raw_syscall(SYS_getpid);
  return raw_syscall(SYS_process_vm_readv, pid, raw_pointer(&local), 1, raw_pointer(&remote), 1,
                     0) == static_cast<long>(size);
}

}  // namespace

bool safe_copy(void* target, const void* source, size_t size) {
  if (on_own_stack(source, size)) {
    memcpy(target, source, size);
    return true;
  }
  return read_own_memory(target, source, size);
}

// In steps that do not cross a page, since a string may end just before one that is not mapped.
long safe_copy_string(char* target, const char* source, size_t size) {
  constexpr size_t kStep = 256;
  size_t length = 0;
  while (length < size) {
    const size_t to_step_end = kStep - reinterpret_cast<uintptr_t>(source + length) % kStep;
    const size_t step = std::min(to_step_end, size - length);
    if (!safe_copy(target + length, source + length, step)) return -1;
    const void* nul = memchr(target + length, 0, step);
    if (nul != nullptr) return static_cast<const char*>(nul) - target;
    length += step;
  }
  return static_cast<long>(size);
}

}  // namespace wireseam
