// SPDX-License-Identifier: Apache-2.0
// The calls that this thread is in: more than one where a signal handler makes calls. A call that
// the thread has left without a return (siglongjmp, pthread_cancel's cleanup) would stay open for
// ever, and its chunk with it. The next call from the same depth of the stack shows that it was
// left.
//
// A frame is the address of the frame that makes the real call; a call within a call has a lower
// one, except on another stack. A call that is given up although it will return after all (a
// handler that switches stacks and comes back) is told as unfinished; nothing more is written to
// its record, which may have gone to somebody else.
#pragma once

#include <cstdint>

#include "tracer/shim/state.h"
#include "tracer/trace/format.h"

namespace wireseam {

// Deeper ones are not followed.
inline constexpr uint32_t kMostEntered = 8;

struct EnteredCall {
  CallRecord* record;  // nullptr: not written yet, or over
  uintptr_t frame;
};

extern thread_local constinit EnteredCall entered_calls[kMostEntered]
    __attribute__((tls_model("initial-exec")));

// Gives up the calls that a thread whose frame is this one can't be in any more.
void give_up_calls_below(uintptr_t frame);

// Gives up those that were entered as number `first` and later.
void give_up_calls_from(uint32_t first);

// Which number the call has. The count comes first: a handler in between takes the next.
inline uint32_t enter_call(CallRecord* record, uintptr_t frame) {
  if (thread_state.entered != 0) [[unlikely]]
    give_up_calls_below(frame);
  const uint32_t number = thread_state.entered;
  if (number >= kMostEntered) return number;
  thread_state.entered = number + 1;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  entered_calls[number].frame = frame;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  entered_calls[number].record = record;
  return number;
}

// Whether the record may still be written.
inline bool is_entered(const CallRecord* record, uint32_t number) {
  return number >= kMostEntered || entered_calls[number].record == record;
}

inline void leave_call(uint32_t number) {
  if (number >= kMostEntered) return;
  if (thread_state.entered > number + 1) [[unlikely]]
    give_up_calls_from(number + 1);
  entered_calls[number].record = nullptr;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  thread_state.entered = number;
}

// A forked child comes back from calls whose records are its parent's.
inline void forget_entered_calls() {
  for (EnteredCall& call : entered_calls) call.record = nullptr;
  thread_state.entered = 0;
}

}  // namespace wireseam
