// SPDX-License-Identifier: Apache-2.0
// Before main, and before every other library's constructors (-z initfirst): finds libc's functions
// and the region. Leaves nothing behind in the program but two mappings, no descriptor among them.
#include <sys/mman.h>
#include <unistd.h>

#include "tracer/shim/modules.h"
#include "tracer/shim/own_memory.h"
#include "tracer/shim/raw_syscall.h"
#include "tracer/shim/real.h"
#include "tracer/shim/recorder.h"
#include "tracer/shim/region.h"

namespace wireseam {

constinit Shim shim{};
constinit ForkPage fork_page{};
thread_local constinit ThreadState thread_state{};

void note_exit_at_end();  // process_hooks.cc
void note_forks();        // process_hooks.cc

void start_shim(char** environment) {
  RegionHeader* region = map_region(environment);
  if (region == nullptr) return;
  raw_syscall(SYS_madvise, raw_pointer(&fork_page), sizeof fork_page, MADV_WIPEONFORK);
  find_own_memory();
  shim.main_stack_top = reinterpret_cast<uintptr_t>(environment);
  shim.clock = region->clock;
  shim.payload_limit = region->payload_limit;
  shim.mapped_chunks.store(region->chunk_count.load(std::memory_order_acquire));
  shim.region.store(region);
  begin_process(ProcessCause::Start);
  tell_modules();
  note_exit_at_end();
  note_forks();
}

namespace {

// glibc hands the environment over and sets environ(7) later; musl does the opposite.
[[gnu::constructor]] void start(int, char**, char** environment) {
  find_real_functions();
  start_shim(environ != nullptr ? environ : environment);
}

}  // namespace
}  // namespace wireseam
