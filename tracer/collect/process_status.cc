// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/process_status.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tracer/collect/process_folder.h"

namespace wireseam {
namespace {

// linux/pidfd.h's struct pidfd_info in its first version: headers may be older than the kernel.
struct PidfdInfo {
  uint64_t mask = 0;
  uint64_t cgroup = 0;
  uint32_t pid = 0;
  uint32_t group = 0;
  uint32_t parent = 0;
  uint32_t ids[8] = {};
  int32_t exit_code = 0;
};
static_assert(sizeof(PidfdInfo) == 64);

constexpr uint64_t kExit = 8;  // PIDFD_INFO_EXIT

std::optional<int32_t> status_by_pidfd(int pidfd) {
  PidfdInfo info;
  info.mask = kExit;
  if (ioctl(pidfd, _IOWR(0xff, 11, PidfdInfo), &info) != 0) return std::nullopt;
  if ((info.mask & kExit) == 0) return std::nullopt;
  return info.exit_code;
}

// Of a child of ours that will be waited for its end is told then.
std::optional<int32_t> status_of_zombie(uint32_t pid) {
  constexpr unsigned kExitCode = 52;
  const ProcessFolder process(pid);
  const bool is_zombie = process.status("State").starts_with('Z');
  if (!is_zombie || process.parent() == static_cast<uint32_t>(getpid())) return std::nullopt;
  const auto status = process.stat_field(kExitCode);
  return status ? std::optional(static_cast<int32_t>(*status)) : std::nullopt;
}

// Whether the file of that pid was still this process's: its number is free once it is reaped,
// which the pidfd tells (POLLHUP).
bool is_reaped(int pidfd) {
  pollfd item{pidfd, POLLIN, 0};
  return poll(&item, 1, 0) == 1 && (item.revents & POLLHUP) != 0;
}

}  // namespace

std::optional<int32_t> status_of_ended(uint32_t pid, int pidfd) {
  if (pidfd < 0) return std::nullopt;
  const auto status = status_of_zombie(pid);
  if (status && !is_reaped(pidfd)) return status;
  return status_by_pidfd(pidfd);
}

}  // namespace wireseam
