// SPDX-License-Identifier: Apache-2.0
// Three kinds of memory are certain. What lies between a hook's frame and the top of its stack. The
// segments of the program and of the libraries that it was started with, since nobody unloads them
// (dlclose(3) doesn't, for them). And the heap of brk(2): libc lowers its end in free(3) alone,
// when nobody owns what lies there. So with threads it is certain for what a call is given, as long
// as the call is not made; of what was received another thread may already know, and free it. A
// program that unmaps or protects parts of them, to see EFAULT, must do so by calls that are hooked
// (memory_hooks.cc), and of a thread's stack by one of that thread.
#include "tracer/shim/own_memory.h"

#include <link.h>

#include <algorithm>

#include "tracer/shim/raw_syscall.h"
#include "tracer/shim/safe_copy.h"
#include "tracer/shim/state.h"

namespace wireseam {

constinit OwnMemory own_memory{};

namespace {

using Range = OwnMemory::Range;

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
bool is_on_own_stack(Range wanted) {
  const auto frame = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  if (wanted.begin < frame) return false;
  const uintptr_t main_top = shim.main_stack_top;
  if (frame < main_top && main_top - frame < kMainStackReach) return wanted.end <= main_top;
  const uintptr_t top = thread_pointer();
  return wanted.end <= top && is_on_thread_stack(frame, top);
}

bool is_in_segment(Range wanted) {
  const Range* first = own_memory.segments;
  const Range* next = std::upper_bound(
      first, first + own_memory.segment_count, wanted.begin,
      [](uintptr_t address, const Range& segment) { return address < segment.begin; });
  return next != first && wanted.end <= next[-1].end;
}

Range heap() {
  if (own_memory.heap_begin == 0 || &__curbrk == nullptr) return {0, 0};
  return {own_memory.heap_begin, reinterpret_cast<uintptr_t>(__curbrk)};
}

bool is_in_heap(Range wanted, Trust trust) {
  return wanted.begin >= own_memory.heap_begin && wanted.end <= heap().end &&
         (trust == Trust::Caller || !others_reach_memory());
}

bool overlap(Range a, Range b) { return a.begin < b.end && b.begin < a.end; }

// Segments of an object that touch each other become one range.
int note_segments(dl_phdr_info* info, size_t /*size*/, void* /*context*/) {
  Range* next = own_memory.segments + own_memory.segment_count;
  Range* last = nullptr;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_R) == 0) continue;
    const uintptr_t begin = info->dlpi_addr + segment.p_vaddr;
    const uintptr_t first = begin / kPageSize * kPageSize;
    const uintptr_t end = (begin + segment.p_memsz + kPageSize - 1) / kPageSize * kPageSize;
    if (last != nullptr && last->end == first) {
      last->end = end;
    } else if (next != own_memory.segments + OwnMemory::kMostSegments) {
      *next = {first, end};
      last = next++;
    }
  }
  own_memory.segment_count = static_cast<size_t>(next - own_memory.segments);
  return 0;
}

}  // namespace

void find_own_memory() {
  dl_iterate_phdr(note_segments, nullptr);
  std::sort(own_memory.segments, own_memory.segments + own_memory.segment_count,
            [](const Range& a, const Range& b) { return a.begin < b.begin; });
  if (&__curbrk == nullptr || is_sandboxed()) return;
  const long end = raw_syscall(SYS_brk, 0);
  if (end > 0) own_memory.heap_begin = static_cast<uintptr_t>(end);
}

void note_remapping(const void* begin, size_t size) {
  const auto first = reinterpret_cast<uintptr_t>(begin);
  const Range changed{first, first + size < first ? UINTPTR_MAX : first + size};
  const auto frame = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  bool touches = overlap(changed, heap()) || overlap(changed, {frame, thread_pointer()}) ||
                 overlap(changed, {shim.main_stack_top - kMainStackReach, shim.main_stack_top});
  for (size_t i = 0; i < own_memory.segment_count; ++i)
    touches |= overlap(changed, own_memory.segments[i]);
  if (touches) own_memory.was_remapped.store(true);
}

bool is_certainly_there(const void* pointer, size_t size, Trust trust) {
  const auto begin = reinterpret_cast<uintptr_t>(pointer);
  const Range wanted{begin, begin + size};
  if (pointer == nullptr || wanted.end < wanted.begin) return false;
  if (own_memory.was_remapped.load(std::memory_order_relaxed)) return false;
  return is_on_own_stack(wanted) || is_in_heap(wanted, trust) || is_in_segment(wanted);
}

}  // namespace wireseam
