// SPDX-License-Identifier: Apache-2.0
// Writes records into the shared region: a thread has a chunk of its own and a cursor into it.
//
// A signal handler may interrupt any of this and record calls of its own, and a thread may be
// cancelled, killed or leave by longjmp at any point. So there is no flag to be left set: space is
// taken by one compare-and-exchange of the cursor, which no signal can divide, a record says
// "open" before the call and "done" after it, each with one store, and what the handler writes in
// between lies behind it in the same chunk.
#pragma once

#include <string.h>

#include <cstddef>
#include <cstdint>

#include "tracer/shim/clock.h"
#include "tracer/shim/entered_calls.h"
#include "tracer/shim/state.h"
#include "tracer/trace/format.h"

namespace wireseam {

// Takes `size` bytes (a multiple of 8, at most kLargestRecord) in this thread's chunk, or in a new
// one. nullptr: there is no room, or nothing is recorded; a loss has been counted then.
inline constexpr size_t kLargestRecord = kChunkSize - sizeof(ChunkHeader);
std::byte* take_slow(size_t size);

// One instruction, so that no signal handler sees it half done; no other thread writes there.
inline bool exchange_cursor(uint64_t expected, uint64_t wanted) {
#if defined(__x86_64__)
  bool exchanged;
  __asm__ volatile("cmpxchgq %3, %1"
                   : "=@cce"(exchanged), "+m"(thread_state.cursor), "+a"(expected)
                   : "r"(wanted)
                   : "memory");
  return exchanged;
#else
  return __atomic_compare_exchange_n(&thread_state.cursor, &expected, wanted, false,
                                     __ATOMIC_RELAXED, __ATOMIC_RELAXED);
#endif
}

// Bytes behind the cursor in its chunk. A cursor at the very end stands where the next chunk
// begins.
inline size_t room_behind(uint64_t cursor) {
  return kChunkSize - 1 - ((cursor - 1) & (kChunkSize - 1));
}

inline std::byte* take(size_t size) {
  if (thread_state.epoch == fork_page.process.load(std::memory_order_relaxed)) [[likely]] {
    uint64_t cursor = thread_state.cursor;
    while (room_behind(cursor) >= size) [[likely]] {
        if (exchange_cursor(cursor, cursor + size)) [[likely]]
          return reinterpret_cast<std::byte*>(cursor);
        cursor = thread_state.cursor;
      }
  }
  return take_slow(size);
}

// One call while it is being made.
class OpenCall {
 public:
  // Notes that the call is being made. `caller` is its return address. Inline, since the frame is
  // to be the one that makes the call.
  [[gnu::always_inline]] OpenCall(CallNumber number, uint16_t flags, const void* caller,
                                  const uint64_t (&arguments)[kMaxArguments]) {
    if (shim.region.load(std::memory_order_relaxed) == nullptr) return;
    auto* record = reinterpret_cast<CallRecord*>(take(sizeof(CallRecord)));
    if (record == nullptr) return;
    record->call = number;
    record->flags = thread_state.in_vfork_child ? flags | kFlagVforkChild : flags;
    record->caller = reinterpret_cast<uint64_t>(caller);
    // Word by word: the caller has just put them there so, and wider loads would wait for that.
    for (size_t i = 0; i < kMaxArguments; ++i)
      __atomic_store_n(&record->arguments[i], arguments[i], __ATOMIC_RELAXED);
    record_ = record;
    size_ = sizeof(CallRecord);
    record->start = read_clock(shim.clock);
    publish(RecordState::Open);
    if (number == CallNumber::exit) return;  // it stays open
    number_ = enter_call(record, reinterpret_cast<uintptr_t>(__builtin_frame_address(0)));
  }

  explicit operator bool() const { return record_ != nullptr; }

  // Room for the `stored` bytes of a blob behind the call, its header written; nullptr where there
  // is none.
  std::byte* add_blob(const BlobHeader& blob) {
    if ((record_->flags & kFlagMoreBytes) != 0) return nullptr;  // blobs keep their order
    const size_t needed = sizeof blob + padded(blob.stored);
    const auto end = reinterpret_cast<uint64_t>(record_) + size_;
    if (room_behind(end) < needed || !exchange_cursor(end, end + needed)) return nullptr;
    size_ += needed;
    publish(RecordState::Open);  // before the bytes: a reader must not take them for a record
    std::atomic_signal_fence(std::memory_order_seq_cst);
    auto* header = reinterpret_cast<BlobHeader*>(end);
    *header = blob;
    return reinterpret_cast<std::byte*>(header + 1);
  }

  void add_flag(uint16_t flag) { record_->flags |= flag; }
  uint64_t argument(size_t index) const { return record_->arguments[index]; }
  void set_argument(size_t index, uint64_t value) { record_->arguments[index] = value; }

  // It began earlier than this object.
  void set_start(uint64_t start) { record_->start = start; }

  // It took effect earlier than it returned.
  void set_end(uint64_t end) { record_->end = end; }

  // The call has returned just now. False: it was given up before, so nothing more may be written.
  [[nodiscard]] bool returned(int64_t result, int errnum) {
    if (!is_entered(record_, number_)) [[unlikely]]
      return false;
    record_->end = read_clock(shim.clock);
    record_->result = result;
    record_->errnum = errnum;
    return true;
  }

  // Everything is written: the collector may have it.
  void commit() {
    leave_call(number_);
    publish(RecordState::Done);
  }

  // It does not concern us after all.
  void discard() {
    leave_call(number_);
    record_->head.store(record_head(size_, RecordKind::Void, RecordState::Done),
                        std::memory_order_release);
  }

  // Where the record lies, for MoreBytesRecord::call.
  uint32_t place() const;

 private:
  void publish(RecordState state) {
    record_->head.store(record_head(size_, RecordKind::Call, state), std::memory_order_release);
  }

  CallRecord* record_ = nullptr;
  size_t size_ = 0;
  uint32_t number_ = kMostEntered;  // among the entered calls
};

// A process has begun: writes its record, in a chunk of this thread's.
void begin_process(ProcessCause cause);

// A child is about to share this thread's state, and works beside it: neither records until it has
// ended. `child` is the pid of the child, once it is known.
void begin_sharing_state();
void sharing_state_with(int child);

// The child of a vfork works in its parent's memory, this thread's state included: it gets a chunk
// and an index of its own, and the parent gets back what it had.
void enter_vfork_child();
void leave_vfork_child();

}  // namespace wireseam
