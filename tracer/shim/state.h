// SPDX-License-Identifier: Apache-2.0
// All that the shim keeps in the traced program: one descriptor of itself, and a cursor for each
// thread. No lock, no allocation, no file descriptor.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "tracer/trace/format.h"

namespace wireseam {

inline constexpr size_t kPageSize = 4096;

struct Shim {
  // nullptr while nothing is recorded: no collector, or it has gone.
  std::atomic<RegionHeader*> region;
  // Of that mapping, and of the file, which its seals keep from becoming shorter. The region says
  // how many chunks may be used, but anybody may have written that.
  std::atomic<uint32_t> mapped_chunks;
  uint32_t chunks_in_file;
  RegionClock clock;
  uint32_t payload_limit;
  uint32_t ids;  // ChunkHeader::ids
  uintptr_t main_stack_top;
  // How often seccomp(2) was switched on or is being switched on.
  std::atomic<uint32_t> sandboxes;
};

extern constinit Shim shim;

// How the programs that are executed come to be traced. From our own start, since what they load
// must not be what another process wrote into the region.
struct Origin {
  char region[kMaxRegionPath];  // kRegionVariable's value
  char preload[kMaxPreload];    // the shim's path
};

extern constinit Origin origin;

// A page that the kernel clears in a forked child, however it was forked (MADV_WIPEONFORK): a
// process that finds no index here has not begun yet.
struct alignas(kPageSize) ForkPage {
  std::atomic<uint32_t> process;
  char rest[kPageSize - sizeof(uint32_t)];
};

extern constinit ForkPage fork_page;

// Of a thread that must not record: no process has that index, and a copy of it is not taken for
// one that has not begun.
inline constexpr uint32_t kNoEpoch = UINT32_MAX;

struct ThreadState {
  uint64_t cursor;    // where the next record goes; never at a chunk's first byte
  uint32_t epoch;     // ForkPage::process when the cursor was set; 0: not yet
  uint32_t process;   // whose chunk that is: the epoch, or a vfork child's own index
  uint32_t thread;    // index
  uint32_t sequence;  // of the next chunk
  uint32_t pid;
  uint32_t tid;
  uintptr_t stack_low;     // from there to the thread's block all is mapped; 0: not looked at yet
  uint32_t entered;        // calls that it is in (entered_calls.h)
  uint32_t freed_at_loss;  // RegionHeader::freed when a call was lost: no waiting until it moves
  bool lossy;
  bool in_vfork_child;
  uint32_t child_sandboxes;  // of Shim::sandboxes: those of a vfork child
  // Processes that share this very state, which two can't write at once: the one that it belongs
  // to, 0 while it is alone, and its child, 0 while that is not known.
  int owner;
  int sharer;
};

extern thread_local constinit ThreadState thread_state __attribute__((tls_model("initial-exec")));

// Maps the region that the environment names; nothing is traced where there is none.
void start_shim(char** environment);

// A system call that the program did not make itself may kill it.
inline bool is_sandboxed() { return shim.sandboxes.load(std::memory_order_relaxed) != 0; }

// Nothing more is recorded by this process.
inline void switch_off() { shim.region.store(nullptr, std::memory_order_relaxed); }

}  // namespace wireseam
