// SPDX-License-Identifier: Apache-2.0
// Before main, and before every other library's constructors (-z initfirst): finds libc's functions
// and the region. Leaves nothing behind in the program but two mappings, no descriptor among them.
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "tracer/shim/modules.h"
#include "tracer/shim/raw_syscall.h"
#include "tracer/shim/real.h"
#include "tracer/shim/recorder.h"

namespace wireseam {

constinit Shim shim{};
constinit ForkPage fork_page{};
thread_local constinit ThreadState thread_state{};

void note_exit_at_end();  // process_hooks.cc

namespace {

bool is_error(long result) { return result < 0 && result > -4096; }

const char* region_path(char** environment) {
  constexpr size_t kLength = sizeof kRegionVariable - 1;
  for (char** item = environment; item != nullptr && *item != nullptr; ++item)
    if (strncmp(*item, kRegionVariable, kLength) == 0 && (*item)[kLength] == '=')
      return *item + kLength + 1;
  return nullptr;
}

RegionHeader* map_descriptor(int fd) {
  struct stat status;
  if (raw_syscall(SYS_fstat, fd, raw_pointer(&status)) != 0) return nullptr;
  if (status.st_size < static_cast<off_t>(sizeof(RegionHeader))) return nullptr;
  const long mapped =
      raw_syscall(SYS_mmap, 0, status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  return is_error(mapped) ? nullptr : reinterpret_cast<RegionHeader*>(mapped);
}

RegionHeader* map_region(const char* path) {
  const long fd = raw_syscall(SYS_openat, AT_FDCWD, raw_pointer(path), O_RDWR | O_CLOEXEC);
  if (is_error(fd)) return nullptr;
  RegionHeader* region = map_descriptor(static_cast<int>(fd));
  raw_syscall(SYS_close, fd);
  if (region == nullptr) return nullptr;
  return region->magic == kRegionMagic && region->version == kRegionVersion ? region : nullptr;
}

}  // namespace

void start_shim(char** environment) {
  const char* path = region_path(environment);
  RegionHeader* region = path == nullptr ? nullptr : map_region(path);
  if (region == nullptr) return;
  raw_syscall(SYS_madvise, raw_pointer(&fork_page), sizeof fork_page, MADV_WIPEONFORK);
  shim.main_stack_top = reinterpret_cast<uintptr_t>(environment);
  shim.clock = region->clock;
  shim.payload_limit = region->payload_limit;
  shim.mapped_chunks.store(region->chunk_count.load(std::memory_order_acquire));
  shim.region.store(region);
  begin_process(ProcessCause::Start);
  tell_modules();
  note_exit_at_end();
}

namespace {

[[gnu::constructor]] void start(int, char**, char** environment) {
  find_real_functions();
  start_shim(environment);
}

}  // namespace
}  // namespace wireseam
