// SPDX-License-Identifier: Apache-2.0
// process_vm_readv(2) on oneself cannot fault: it answers EFAULT. Most of what must be read before
// a call (lengths, time-outs, fd_sets) are local variables of the caller, and what lies between
// this function's frame and the top of its stack is mapped: no system call is needed for that.
#include "tracer/shim/safe_copy.h"

#include <string.h>
#include <sys/uio.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "tracer/shim/raw_syscall.h"
#include "tracer/shim/state.h"

namespace wireseam {
namespace {

// How far below its top the main stack is looked for. Nothing else is ever mapped that near.
constexpr uintptr_t kMainStackReach = 8u << 20;
// How much of a thread's stack is probed at once; a frame that is farther away is read with care.
constexpr uintptr_t kLongestProbe = 64 * kPageSize;

uintptr_t thread_pointer() {
#if defined(__x86_64__)
  uintptr_t pointer;
  __asm__("mov %%fs:0, %0" : "=r"(pointer));
  return pointer;
#else
  return reinterpret_cast<uintptr_t>(__builtin_thread_pointer());
#endif
}

// The result of process_vm_readv(2).
long read_own_memory(const iovec& local, const iovec* remote, size_t count) {
  if (is_sandboxed()) return -1;
  return raw_syscall(SYS_process_vm_readv, raw_syscall(SYS_getpid), raw_pointer(&local), 1,
                     raw_pointer(remote), static_cast<long>(count), 0);
}

// Whether each page in which [begin, end) lies can be read.
bool can_read_pages(uintptr_t begin, uintptr_t end) {
  constexpr size_t kPagesAtOnce = 16;
  iovec pages[kPagesAtOnce];
  char bytes[kPagesAtOnce];
  for (uintptr_t page = begin / kPageSize; page <= (end - 1) / kPageSize;) {
    size_t count = 0;
    for (; count < kPagesAtOnce && page <= (end - 1) / kPageSize; ++count, ++page)
      pages[count] = {reinterpret_cast<void*>(page * kPageSize), 1};
    if (read_own_memory({bytes, count}, pages, count) != static_cast<long>(count)) return false;
  }
  return true;
}

// libc puts a thread's block on top of its stack, but a frame below it may be on another stack (a
// coroutine's, sigaltstack(2)'s) with whatever in between. So that is probed, once for each depth:
// at the end of the thread's own stack its guard page can't be read. The main thread's block is not
// on its stack.
bool is_on_thread_stack(uintptr_t frame, uintptr_t top) {
  if (thread_state.tid == thread_state.pid || frame >= top) return false;
  const uintptr_t known = thread_state.stack_low != 0 ? thread_state.stack_low : top;
  if (frame >= known) return true;
  if (known - frame > kLongestProbe || !can_read_pages(frame, known)) return false;
  thread_state.stack_low = frame;
  return true;
}

// What lies between this frame and the top of its stack is there. The main thread's stack ends
// behind its environment.
bool on_own_stack(const void* pointer, size_t size) {
  const auto frame = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  const auto begin = reinterpret_cast<uintptr_t>(pointer);
  const uintptr_t end = begin + size;
  if (begin < frame || end < begin) return false;
  const uintptr_t main_top = shim.main_stack_top;
  if (frame < main_top && main_top - frame < kMainStackReach) return end <= main_top;
  const uintptr_t top = thread_pointer();
  return end <= top && is_on_thread_stack(frame, top);
}

}  // namespace

bool safe_copy(void* target, const void* source, size_t size) {
  if (on_own_stack(source, size)) {
    memcpy(target, source, size);
    return true;
  }
  const iovec remote{const_cast<void*>(source), size};
  return read_own_memory({target, size}, &remote, 1) == static_cast<long>(size);
}

bool safe_copy_pieces(void* target, const void* source, size_t size, size_t stride, size_t count) {
  const auto* from = static_cast<const std::byte*>(source);
  if (count == 0) return true;
  if (on_own_stack(source, (count - 1) * stride + size)) {
    for (size_t i = 0; i < count; ++i)
      memcpy(static_cast<std::byte*>(target) + i * size, from + i * stride, size);
    return true;
  }
  iovec remote[kMostPieces];
  for (size_t i = 0; i < count; ++i) remote[i] = {const_cast<std::byte*>(from + i * stride), size};
  const size_t wanted = count * size;
  return read_own_memory({target, wanted}, remote, count) == static_cast<long>(wanted);
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
