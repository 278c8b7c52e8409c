// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/process_status.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

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

// State and parent follow the name, which may hold anything; the last field is the status. A child
// of ours will be waited for, and its end is told then.
std::optional<int32_t> status_of_zombie(uint32_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text, '\0');
  const size_t name_end = text.rfind(") ");
  if (name_end == text.npos || text[name_end + 2] != 'Z') return std::nullopt;
  pid_t parent = 0;
  std::istringstream(text.substr(name_end + 3)) >> parent;
  int32_t status = 0;
  if (parent == getpid() || !(std::istringstream(text.substr(text.rfind(' '))) >> status))
    return std::nullopt;
  return status;
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
