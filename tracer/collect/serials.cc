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
  limit_ = std::max(kLeast, 2 * threads_.size());
}

}  // namespace wireseam
