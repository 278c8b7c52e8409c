// SPDX-License-Identifier: Apache-2.0
// A process's sockets by descriptor.
#include "tracer/trace/descriptors.h"

#include <algorithm>
#include <utility>

namespace wireseam {
namespace {

// Calls that wait are few, and threads that close numbers under them fewer still.
constexpr size_t kPastOfANumber = 4;
constexpr size_t kNumbersWithPast = 4096;

bool within(int fd, uint64_t first, uint64_t last) {
  const auto number = static_cast<uint64_t>(fd);
  return first <= number && number <= last;
}

}  // namespace

Socket* Descriptors::find(int fd) const {
  const auto found = entries_.find(fd);
  return found != entries_.end() ? found->second.socket.get() : nullptr;
}

std::shared_ptr<Socket> Descriptors::share(int fd) const {
  const auto found = entries_.find(fd);
  return found != entries_.end() ? found->second.socket : nullptr;
}

// The clock may be set back: a call that ended before the number was closed is no such call.
std::shared_ptr<Socket> Descriptors::replaced(int fd, uint64_t begin_ns, uint64_t end_ns) const {
  const auto past = past_.find(fd);
  if (past == past_.end()) return nullptr;
  const auto then = std::ranges::find_if(
      past->second, [=](const Past& each) { return begin_ns < each.until_ns; });
  return then != past->second.end() && then->until_ns <= end_ns ? then->socket.lock() : nullptr;
}

void Descriptors::remember(int fd, const Entry& entry) {
  if (past_.size() >= kNumbersWithPast && !past_.contains(fd)) past_.clear();
  auto& past = past_[fd];
  if (past.size() == kPastOfANumber) past.erase(past.begin());
  past.push_back({entry.socket, now_ns_});
}

void Descriptors::close(int fd) {
  const auto found = entries_.find(fd);
  if (found == entries_.end()) return;
  remember(fd, found->second);
  entries_.erase(found);
}

void Descriptors::put(int fd, std::shared_ptr<Socket> socket, OnExec on_exec) {
  if (find(fd) != socket.get()) close(fd);
  entries_.insert_or_assign(fd, Entry{std::move(socket), on_exec});
}

void Descriptors::duplicate(int from, int to, OnExec on_exec) {
  if (from == to) return;
  const auto found = entries_.find(from);
  if (found == entries_.end()) {
    close(to);
    return;
  }
  put(to, found->second.socket, on_exec);
}

void Descriptors::close_range(uint64_t first, uint64_t last) {
  std::erase_if(entries_, [=, this](const auto& entry) {
    const bool closes = within(entry.first, first, last);
    if (closes) remember(entry.first, entry.second);
    return closes;
  });
}

void Descriptors::set_on_exec(uint64_t first, uint64_t last, OnExec on_exec) {
  for (auto& [fd, entry] : entries_)
    if (within(fd, first, last)) entry.on_exec = on_exec;
}

void Descriptors::exec() {
  std::erase_if(entries_, [](const auto& entry) { return entry.second.on_exec == OnExec::Close; });
}

}  // namespace wireseam
