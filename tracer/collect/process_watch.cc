// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/process_watch.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>

#include "tracer/collect/process_status.h"

namespace wireseam {
namespace {

constexpr std::chrono::milliseconds kPatience{200};

}  // namespace

void ProcessWatch::begin(uint32_t pid, uint32_t process) {
  Process& entry = enter(pid, process);
  entry.has_ended = false;
  if (!entry.pidfd) entry.pidfd.reset(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
}

void ProcessWatch::begin_ended(uint32_t pid, uint32_t process) {
  Process& entry = enter(pid, process);
  entry.has_ended = !entry.pidfd;
}

ProcessWatch::Process& ProcessWatch::enter(uint32_t pid, uint32_t process) {
  Process& entry = processes_[pid];
  entry.index = process;
  entry.exit_status.reset();
  entry.gone_since.reset();
  if (const auto early = early_.find(pid); early != early_.end()) {
    entry.wait_status = early->second;
    early_.erase(early);
  }
  return entry;
}

void ProcessWatch::expect(const std::vector<uint32_t>& pids) {
  std::erase_if(processes_, [&](const auto& entry) {
    return entry.second.index == 0 && std::ranges::find(pids, entry.first) == pids.end();
  });
  for (const uint32_t pid : pids) {
    Process& entry = processes_[pid];
    if (!entry.pidfd) entry.pidfd.reset(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  }
}

bool ProcessWatch::only_expects() const {
  return std::ranges::all_of(processes_, [](const auto& item) { return item.second.index == 0; });
}

void ProcessWatch::will_exit(uint32_t pid, int status) {
  const auto process = processes_.find(pid);
  if (process != processes_.end()) process->second.exit_status = (status & 0xff) << 8;
}

void ProcessWatch::reaped(uint32_t pid, int32_t status) {
  const auto process = processes_.find(pid);
  if (process == processes_.end())
    early_[pid] = status;
  else
    process->second.wait_status = status;
}

// A pidfd is readable when its process has ended, whosever child it is (pidfd_open(2)).
bool ProcessWatch::has_ended(uint32_t pid, const Process& process) {
  if (process.wait_status || process.has_ended) return true;
  if (!process.pidfd) return kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH;
  pollfd item{process.pidfd.get(), POLLIN, 0};
  return poll(&item, 1, 0) == 1;
}

std::vector<uint32_t> ProcessWatch::gone() {
  std::vector<uint32_t> pids;
  for (auto& [pid, process] : processes_) {
    if (!process.gone_since && !has_ended(pid, process)) continue;
    if (!process.gone_since) process.gone_since = std::chrono::steady_clock::now();
    if (!process.wait_status) process.wait_status = status_of_ended(pid, process.pidfd.get());
    pids.push_back(pid);
  }
  // Of those that have ended since we last looked, a parent may have waited for its child.
  std::ranges::sort(pids, std::greater{}, [this](uint32_t pid) { return process_of(pid); });
  return pids;
}

bool ProcessWatch::may_be_told(uint32_t pid) const {
  const auto entry = processes_.find(pid);
  if (entry == processes_.end()) return false;
  const Process& process = entry->second;
  if (process.wait_status || process.exit_status) return true;
  return process.gone_since && std::chrono::steady_clock::now() - *process.gone_since > kPatience;
}

bool ProcessWatch::was_killed_by(uint32_t pid, int signal) const {
  const auto entry = processes_.find(pid);
  if (entry == processes_.end() || !entry->second.wait_status) return false;
  const int32_t status = *entry->second.wait_status;
  return WIFSIGNALED(status) && WTERMSIG(status) == signal;
}

int32_t ProcessWatch::forget(uint32_t pid) {
  const auto entry = processes_.find(pid);
  if (entry == processes_.end()) return kStatusUnknown;
  const Process& process = entry->second;
  const int32_t status = process.wait_status.value_or(process.exit_status.value_or(kStatusUnknown));
  processes_.erase(entry);
  return status;
}

uint32_t ProcessWatch::process_of(uint32_t pid) const {
  const auto process = processes_.find(pid);
  return process == processes_.end() ? 0 : process->second.index;
}

bool ProcessWatch::has_live(uint32_t pid) const {
  const auto process = processes_.find(pid);
  return process != processes_.end() && process->second.index != 0 && !process->second.has_ended;
}

}  // namespace wireseam
