// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/serials.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace wireseam {

bool thread_is_gone(ThreadIds ids) {
  return syscall(SYS_tgkill, ids.pid, ids.tid, 0) != 0 && errno == ESRCH;
}

void Serials::forget_gone(const std::set<uint32_t>& writing) {
  constexpr size_t kLeast = 4096;
  std::erase_if(threads_, [&](const auto& entry) {
    return !writing.contains(entry.first) && thread_is_gone(entry.second.ids);
  });
  // So many live ones there can't be: they were made up.
  constexpr size_t kMost = size_t{1} << 20;
  if (threads_.size() > kMost)
    std::erase_if(threads_, [&](const auto& entry) { return !writing.contains(entry.first); });
  limit_ = std::max(kLeast, 2 * threads_.size());
}

}  // namespace wireseam
