// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/unseen_sockets.h"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "common/clock.h"
#include "tracer/collect/socket_tables.h"

namespace wireseam {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPauseAfterNews{5};
constexpr std::chrono::milliseconds kPause{20};
constexpr std::chrono::seconds kNews{1};
constexpr int kShare = 20;  // of the time

// When the process began, on the wall's clock, as it is now; at most a tick too early.
uint64_t begin_of(const ProcessFolder& process) {
  constexpr unsigned kStartField = 22;
  const uint64_t tick_ns = 1'000'000'000 / static_cast<uint64_t>(sysconf(_SC_CLK_TCK));
  const uint64_t begun_ns = process.stat_field(kStartField).value_or(0) * tick_ns;
  return clock_ns(CLOCK_REALTIME) - (clock_ns(CLOCK_BOOTTIME) - begun_ns);
}

// "socket:[4711]"
std::optional<uint32_t> socket_inode(const std::string& link) {
  constexpr std::string_view kSocket = "socket:[";
  if (!link.starts_with(kSocket)) return std::nullopt;
  uint32_t inode = 0;
  const auto [end, error] =
      std::from_chars(link.data() + kSocket.size(), link.data() + link.size(), inode);
  return error == std::errc() ? std::optional(inode) : std::nullopt;
}

}  // namespace

void UnseenSockets::watch(uint32_t pid) {
  ProcessFolder folder(pid);
  if (!folder) return;
  if (processes_.size() >= limits_.processes && !processes_.contains(pid))
    return reached(told_processes_, limits_.processes, "processes");
  const uint64_t begun_ns = begin_of(folder);
  if (processes_.try_emplace(pid, Process{std::move(folder), begun_ns}).second)
    next_look_ = last_news_ = SteadyClock::now();
}

void UnseenSockets::look_if_due() {
  const auto begin = SteadyClock::now();
  if (processes_.empty() || begin < next_look_) return;
  look();
  const auto end = SteadyClock::now();
  const bool has_news = end - last_news_ < kNews;
  next_look_ = end + std::max<SteadyClock::duration>((end - begin) * kShare,
                                                     has_news ? kPauseAfterNews : kPause);
}

void UnseenSockets::look() {
  find_children();
  const uint64_t now_ns = clock_ns(CLOCK_REALTIME);
  for (auto& [inode, known] : sockets_) known.is_there = false;
  for (auto process = processes_.begin(); process != processes_.end();)
    process = look_into(process->first, process->second, now_ns) ? std::next(process)
                                                                 : processes_.erase(process);
  end_gone(now_ns);
}

// A process that begins and ends between two looks, or whose parent does, is missed.
void UnseenSockets::find_children() {
  std::vector<uint32_t> children;
  for (const auto& [pid, process] : processes_)
    for (const std::string& thread : process.folder.threads()) {
      std::istringstream line(process.folder.read("task/" + thread + "/children"));
      for (uint32_t child = 0; line >> child;)
        if (!processes_.contains(child)) children.push_back(child);
    }
  for (const uint32_t child : children) watch(child);
}

// Whether it still lives.
bool UnseenSockets::look_into(uint32_t pid, Process& process, uint64_t now_ns) {
  const std::vector<std::string> descriptors = process.folder.descriptors();
  for (const std::string& descriptor : descriptors) meet(pid, process, descriptor);
  const bool has_new = std::ranges::any_of(sockets_, [pid](const auto& item) {
    return item.second.pid == pid && item.second.is_there && !item.second.is_told;
  });
  if (has_new) name_sockets(process.folder, now_ns);
  process.looked_ns = now_ns;
  return !descriptors.empty() || process.folder.parent() != 0;
}

// One that was there when its number was another's would be taken for that one: the kernel gives a
// number again only after 2^32 others.
void UnseenSockets::meet(uint32_t pid, const Process& process, const std::string& descriptor) {
  const auto inode = socket_inode(process.folder.link("fd/" + descriptor));
  if (!inode) return;
  const auto known = sockets_.find(*inode);
  if (known != sockets_.end()) {
    known->second.is_there = true;
    return;
  }
  const std::string protocol = process.folder.attribute("fd/" + descriptor, "system.sockprotoname");
  const bool is_internet =
      protocol.starts_with("TCP") || protocol.starts_with("UDP") || protocol.starts_with("MPTCP");
  if (!is_internet) return;
  if (sockets_.size() >= limits_.sockets) return reached(told_sockets_, limits_.sockets, "sockets");
  Known& made = sockets_[*inode];
  made.pid = pid;
  made.is_there = true;
  made.socket.since_ns = process.looked_ns;
  last_news_ = SteadyClock::now();
}

// A socket may have no port for long: the tables are read as long as there is one.
void UnseenSockets::name_sockets(const ProcessFolder& process, uint64_t now_ns) {
  for (const SocketIdentity& socket : socket_tables(process)) {
    const auto found = sockets_.find(socket.inode);
    if (found == sockets_.end() || found->second.is_told) continue;
    found->second.socket.identity = socket;
    found->second.is_told = true;
    tell(found->second, now_ns);
  }
}

void UnseenSockets::end_gone(uint64_t now_ns) {
  for (auto& [inode, known] : sockets_) {
    if (known.is_there) continue;
    known.socket.until_ns = now_ns;
    if (known.is_told) tell(known, now_ns);
  }
  std::erase_if(sockets_, [](const auto& item) { return !item.second.is_there; });
}

void UnseenSockets::tell(const Known& known, uint64_t now_ns) {
  tell_(Event{.pid = known.pid, .tid = known.pid, .time_ns = now_ns, .what = known.socket});
}

void UnseenSockets::reached(bool& told, size_t most, const char* of_what) {
  if (!std::exchange(told, true))
    miss_("of programs whose calls are not seen there are more than " + std::to_string(most) + " " +
          of_what + " at a time; packets of the others may be missing");
}

}  // namespace wireseam
