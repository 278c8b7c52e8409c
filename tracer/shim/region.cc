// SPDX-License-Identifier: Apache-2.0
// The region is a file without a name that the collector holds open. It is opened through /proc; a
// program that may not do so, since it has become another user or sees no /proc, asks root's
// collector for the descriptor.
#include "tracer/shim/region.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>

#include "tracer/shim/door.h"
#include "tracer/shim/raw_syscall.h"
#include "tracer/shim/sandbox.h"
#include "tracer/shim/state.h"

namespace wireseam {
namespace {

// Copied once, then checked. The file's size is the kernel's word.
MappedRegion map_descriptor(int fd) {
  alignas(RegionHeader) std::byte copy[sizeof(RegionHeader)];
  struct stat status;
  if (raw_syscall(SYS_fstat, fd, raw_pointer(&status)) != 0) return {};
  if (raw_syscall(SYS_pread64, fd, raw_pointer(copy), sizeof copy, 0) != sizeof copy) return {};
  const auto* said = reinterpret_cast<const RegionHeader*>(copy);
  if (said->magic != kRegionMagic || said->version != kRegionVersion) return {};
  MappedRegion region;
  region.chunks_in_file = chunks_in(static_cast<size_t>(status.st_size));
  region.chunks = std::min(said->chunk_count.load(), region.chunks_in_file);
  region.clock = said->clock;
  region.payload_limit = std::min(said->payload_limit, kMostPayload);
  if (region.chunks == 0) return {};
  const long mapped = raw_syscall(SYS_mmap, 0, static_cast<long>(region_size(region.chunks)),
                                  PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (!is_error(mapped)) region.header = reinterpret_cast<RegionHeader*>(mapped);
  return region;
}

struct OpenedRegion {
  long fd = -1;  // or an error
  bool by_door = false;
};

OpenedRegion open_region(const char* variable) {
  constexpr char kSeparators[] = {kFiltersSeparator, kDoorSeparator, '\0'};
  const size_t size = strcspn(variable, kSeparators);
  char path[kMaxRegionPath]{};
  if (size >= sizeof path) return {-ENOENT};
  memcpy(path, variable, size);
  // The collector may be gone, and its number be another process's.
  constexpr long kFlags = O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  const long fd = raw_syscall(SYS_openat, AT_FDCWD, raw_pointer(path), kFlags);
  const char* key = strchr(variable, kDoorSeparator);
  if (!is_error(fd) || key == nullptr) return {fd};
  return {ask_at_door(key + 1), true};
}

}  // namespace

const char* region_variable(char** environment) {
  constexpr size_t kLength = sizeof kRegionVariable - 1;
  for (char** item = environment; item != nullptr && *item != nullptr; ++item)
    if (strncmp(*item, kRegionVariable, kLength) == 0 && (*item)[kLength] == '=')
      return *item + kLength + 1;
  return nullptr;
}

MappedRegion map_region(const char* variable) {
  if (has_filter_of_its_own(variable)) {
    shim.sandboxes.store(1, std::memory_order_relaxed);
    return {};
  }
  const OpenedRegion opened = open_region(variable);
  if (is_error(opened.fd)) return {};
  MappedRegion region = map_descriptor(static_cast<int>(opened.fd));
  raw_syscall(SYS_close, opened.fd);
  region.by_door = opened.by_door;
  return region;
}

}  // namespace wireseam
