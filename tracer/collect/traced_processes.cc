// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/traced_processes.h"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "tracer/collect/region_users.h"

namespace wireseam {
namespace {

constexpr uint32_t kMostTid = 1u << 22;  // PID_MAX_LIMIT
constexpr unsigned kStartField = 22;     // of /proc/PID/stat
constexpr int kDeepest = 256;            // generations between a process and the program

std::string credentials_of(const ProcessFolder& process) {
  return process.status("Uid") + "/" + process.status("Gid");
}

uint64_t boot_ticks() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  const auto per_second = static_cast<uint64_t>(sysconf(_SC_CLK_TCK));
  return static_cast<uint64_t>(now.tv_sec) * per_second +
         static_cast<uint64_t>(now.tv_nsec) * per_second / 1'000'000'000;
}

// Processes and threads that were made since the system began (proc(5)).
uint64_t all_forks() {
  std::ifstream file("/proc/stat");
  for (std::string word; file >> word;) {
    uint64_t count = 0;
    if (word == "processes" && file >> count) return count;
  }
  return 0;
}

bool has_thread(uint32_t pid, uint32_t tid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/task/" + std::to_string(tid);
  return access(path.c_str(), F_OK) == 0;
}

}  // namespace

TracedProcesses::TracedProcesses(ino_t region, const ProcessWatch& watch)
    : region_(region),
      watch_(watch),
      credentials_(credentials_of(ProcessFolder(static_cast<uint32_t>(getpid())))),
      started_ticks_(boot_ticks()),
      forks_before_(all_forks()) {}

// A process is an orphan where one between has ended: then it is known by the region.
bool TracedProcesses::belongs(uint32_t pid) const {
  uint32_t ancestor = pid;
  for (int i = 0; i < kDeepest && ancestor > 1; ++i) {
    if (ancestor == program_ || watch_.has_live(ancestor)) return true;
    ancestor = ProcessFolder(ancestor).parent();
  }
  return has_region(pid);
}

bool TracedProcesses::has_region(uint32_t pid) const {
  if (pid == static_cast<uint32_t>(getpid())) return false;
  return look_for_region(pid, region_) == RegionUse::Region;
}

bool TracedProcesses::is_older_than_trace(const ProcessFolder& process) const {
  const auto begun = process.stat_field(kStartField);
  return begun && *begun + 1 < started_ticks_;
}

// Where an ended process's pid went to somebody else meanwhile, that one is not to blame.
Standing TracedProcesses::standing_of(uint32_t pid) const {
  const ProcessFolder process(pid);
  if (!process) return Standing::Gone;
  if (belongs(pid)) return Standing::Ours;
  return is_older_than_trace(process) ? Standing::Foreign : Standing::Gone;
}

std::optional<ProcessFolder> TracedProcesses::look_into(uint32_t pid) const {
  ProcessFolder process(pid);
  if (!process || !belongs(pid) || credentials_of(process) != credentials_) return std::nullopt;
  return process;
}

// Threads that have ended can't be looked up, but there can't have been more than were made.
bool TracedProcesses::is_plausible(const ChunkOwner& owner) {
  if (owner.tid == owner.pid || has_thread(owner.pid, owner.tid)) return true;
  if (unseen_tids_.contains(owner.tid)) return true;
  constexpr uint64_t kSome = 1024;
  if (unseen_tids_.size() >= kSome && unseen_tids_.size() - kSome >= all_forks() - forks_before_)
    return false;
  unseen_tids_.insert(owner.tid);
  return true;
}

// The process that calls itself so; 0 where there is none. It takes a look at all that run, so the
// answer is kept.
uint32_t TracedProcesses::outer_pid(const ChunkOwner& owner) {
  const auto key = std::make_pair(owner.pid, owner.process);
  if (const auto known = outer_pids_.find(key); known != outer_pids_.end()) return known->second;
  std::erase_if(outer_pids_, [this](const auto& item) { return !watch_.process_of(item.second); });
  for (const uint32_t pid : all_pids()) {
    const auto pids = ProcessFolder(pid).pids();
    if (pids.size() < 2 || pids.back() != owner.pid || !belongs(pid)) continue;
    outer_pids_[key] = pid;
    return pid;
  }
  return 0;
}

// Its tid for us, where it calls itself so; what it says where it has ended before.
uint32_t TracedProcesses::outer_tid(uint32_t pid, const ChunkOwner& owner) {
  constexpr size_t kMany = size_t{1} << 16;
  if (outer_tids_.size() > kMany) outer_tids_.clear();
  const auto known = outer_tids_.find(owner.thread);
  if (known != outer_tids_.end() && known->second.first == owner.tid) return known->second.second;
  const ProcessFolder process(pid);
  for (const std::string& thread : process.threads()) {
    const auto tids = process.tids(thread);
    if (tids.empty() || tids.back() != owner.tid) continue;
    outer_tids_[owner.thread] = {owner.tid, tids.front()};
    return tids.front();
  }
  return owner.tid;
}

TracedProcesses::Found TracedProcesses::in_namespace(const ChunkOwner& owner) {
  const uint32_t pid = outer_pid(owner);
  if (pid == 0) return {Standing::Gone, owner};
  has_namespaces_ = true;
  ChunkOwner known = owner;
  known.pid = pid;
  known.tid = owner.tid == owner.pid ? pid : outer_tid(pid, owner);
  return {Standing::Ours, known};
}

// Whether any of ours is in a PID namespace below: from then on pids may be of there.
bool TracedProcesses::has_namespaces(const ChunkOwner& owner) {
  if (has_namespaces_ || owner.ids == kInnerIds) return has_namespaces_ = true;
  return has_namespaces_ = std::ranges::any_of(all_pids(), [this](uint32_t pid) {
           return ProcessFolder(pid).pids().size() > 1 && belongs(pid);
         });
}

// Another process may happen to have that pid here.
bool TracedProcesses::may_be_inner(const Found& found) {
  if (found.standing == Standing::Foreign) return true;
  if (found.owner.ids != kInnerIds) return false;
  return found.standing == Standing::Gone || ProcessFolder(found.owner.pid).pids().size() != 1;
}

TracedProcesses::Found TracedProcesses::find(const ChunkOwner& owner) {
  const bool is_possible = owner.pid != 0 && owner.pid <= kMostTid && owner.tid != 0 &&
                           owner.tid <= kMostTid && owner.process != 0 && owner.thread != 0;
  if (!is_possible) return {Standing::Foreign, owner};
  const bool is_known = owner.ids != kInnerIds && watch_.has_live(owner.pid);
  Found found{is_known ? Standing::Ours : standing_of(owner.pid), owner};
  if (may_be_inner(found)) {
    const Found inner = in_namespace(owner);
    if (inner.standing == Standing::Ours) found = inner;
    // One that calls itself as somebody else is called here, and has ended.
    if (found.standing == Standing::Foreign && has_namespaces(owner))
      found.standing = Standing::Gone;
  }
  if (found.standing != Standing::Foreign && !is_plausible(found.owner))
    found.standing = Standing::Foreign;
  return found;
}

}  // namespace wireseam
