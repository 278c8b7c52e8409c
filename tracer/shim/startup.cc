// SPDX-License-Identifier: Apache-2.0
// Before main, and before every other library's constructors (-z initfirst): finds libc's functions
// and the region. Leaves nothing behind in the program but two mappings, no descriptor among them.
#include <link.h>
#include <string.h>
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
constinit Origin origin{};
constinit ForkPage fork_page{};
thread_local constinit ThreadState thread_state{};

void note_exit_at_end();  // process_hooks.cc
void note_forks();        // process_hooks.cc

namespace {

template <size_t size>
bool copy_text(char (&target)[size], const char* text) {
  const size_t length = strlen(text);
  if (length >= size) return false;
  memcpy(target, text, length + 1);
  return true;
}

// The object that this function lies in, under the name that the loader found it by.
int find_own_path(dl_phdr_info* info, size_t /*size*/, void* /*context*/) {
  const auto here = reinterpret_cast<uintptr_t>(&find_own_path);
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD) continue;
    if (here - info->dlpi_addr - segment.p_vaddr < segment.p_memsz)
      return copy_text(origin.preload, info->dlpi_name) ? 1 : 0;
  }
  return 0;
}

}  // namespace

void start_shim(char** environment) {
  const char* variable = region_variable(environment);
  if (variable == nullptr || !copy_text(origin.region, variable)) return;
  if (dl_iterate_phdr(find_own_path, nullptr) == 0) return;
  const MappedRegion region = map_region(variable);
  if (region.header == nullptr) return;
  raw_syscall(SYS_madvise, raw_pointer(&fork_page), sizeof fork_page, MADV_WIPEONFORK);
  find_own_memory();
  shim.main_stack_top = reinterpret_cast<uintptr_t>(environment);
  shim.clock = region.clock;
  shim.payload_limit = region.payload_limit;
  shim.ids = region.by_door ? kInnerIds : 0;
  shim.chunks_in_file = region.chunks_in_file;
  shim.mapped_chunks.store(region.chunks);
  shim.region.store(region.header);
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
