// SPDX-License-Identifier: Apache-2.0
#include "tracer/shim/entered_calls.h"

#include <signal.h>

#include "tracer/shim/clock.h"
#include "tracer/shim/raw_syscall.h"

namespace wireseam {

thread_local constinit EnteredCall entered_calls[kMostEntered]{};

namespace {

bool lies_in(const stack_t& stack, uintptr_t frame) {
  return frame - reinterpret_cast<uintptr_t>(stack.ss_sp) < stack.ss_size;
}

// A handler's stack may lie above the one that it interrupted.
bool was_left(uintptr_t entered, uintptr_t frame) {
  if (frame < entered) return false;
  if (is_sandboxed()) return false;
  stack_t handlers{};
  raw_syscall(SYS_sigaltstack, 0, raw_pointer(&handlers));
  const bool is_handler = (handlers.ss_flags & SS_DISABLE) == 0 && lies_in(handlers, frame);
  return !is_handler || lies_in(handlers, entered);
}

void give_up(CallRecord& record) {
  record.end = read_clock(shim.clock);
  const uint32_t head = record.head.load(std::memory_order_relaxed);
  record.head.store(record_head(record_size(head), RecordKind::Call, RecordState::Left),
                    std::memory_order_release);
}

}  // namespace

void give_up_calls_from(uint32_t first) {
  while (thread_state.entered > first) {
    EnteredCall& last = entered_calls[thread_state.entered - 1];
    CallRecord* record = last.record;
    last.record = nullptr;
    --thread_state.entered;
    if (record != nullptr) give_up(*record);
  }
}

void give_up_calls_below(uintptr_t frame) {
  uint32_t kept = thread_state.entered;
  while (kept > 0 && entered_calls[kept - 1].record != nullptr &&
         was_left(entered_calls[kept - 1].frame, frame))
    --kept;
  give_up_calls_from(kept);
}

}  // namespace wireseam
