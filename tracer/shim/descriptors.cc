// SPDX-License-Identifier: Apache-2.0
#include "tracer/shim/descriptors.h"

#include <sys/stat.h>

#include <algorithm>

#include "tracer/shim/raw_syscall.h"

namespace wireseam {

constinit std::atomic<DescriptorKind> descriptor_kinds[kKnownDescriptors];
constinit std::atomic<bool> files_are_parted;

DescriptorKind look_at(int fd) {
  if (is_sandboxed() || shim.region.load(std::memory_order_relaxed) == nullptr)
    return DescriptorKind::Other;
  struct stat status;
  if (raw_syscall(SYS_fstat, fd, raw_pointer(&status)) != 0) return DescriptorKind::Other;
  const auto kind = S_ISSOCK(status.st_mode) ? DescriptorKind::Unmet : DescriptorKind::Other;
  set_descriptor_kind(fd, kind);
  return kind;
}

void part_files_tables() {
  files_are_parted.store(true, std::memory_order_relaxed);
  forget_descriptors(0, ~0u);
}

void forget_descriptors(unsigned first, unsigned last) {
  const unsigned end = std::min<unsigned>(last, kKnownDescriptors - 1);
  for (unsigned fd = first; fd <= end; ++fd)
    if (descriptor_kinds[fd].load(std::memory_order_relaxed) != DescriptorKind::Unknown)
      descriptor_kinds[fd].store(DescriptorKind::Unknown, std::memory_order_relaxed);
}

void look_at_all() {
  constexpr int kLikely = 256;
  for (int fd = 0; fd < kLikely; ++fd) descriptor_kind(fd);
}

}  // namespace wireseam
