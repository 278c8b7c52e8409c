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

#include "tracer/shim/door.h"
#include "tracer/shim/raw_syscall.h"
#include "tracer/shim/sandbox.h"
#include "tracer/shim/state.h"

namespace wireseam {
namespace {

const char* region_variable(char** environment) {
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

long open_region(const char* variable) {
  constexpr char kSeparators[] = {kFiltersSeparator, kDoorSeparator, '\0'};
  const size_t size = strcspn(variable, kSeparators);
  char path[kMaxRegionPath]{};
  if (size >= sizeof path) return -ENOENT;
  memcpy(path, variable, size);
  // The collector may be gone, and its number be another process's.
  constexpr long kFlags = O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  const long fd = raw_syscall(SYS_openat, AT_FDCWD, raw_pointer(path), kFlags);
  const char* key = strchr(variable, kDoorSeparator);
  return is_error(fd) && key != nullptr ? ask_at_door(key + 1) : fd;
}

}  // namespace

RegionHeader* map_region(char** environment) {
  const char* variable = region_variable(environment);
  if (variable == nullptr) return nullptr;
  if (has_filter_of_its_own(variable)) {
    shim.sandboxes.store(1, std::memory_order_relaxed);
    return nullptr;
  }
  const long fd = open_region(variable);
  if (is_error(fd)) return nullptr;
  RegionHeader* region = map_descriptor(static_cast<int>(fd));
  raw_syscall(SYS_close, fd);
  if (region == nullptr) return nullptr;
  return region->magic == kRegionMagic && region->version == kRegionVersion ? region : nullptr;
}

}  // namespace wireseam
