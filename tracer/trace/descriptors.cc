// SPDX-License-Identifier: Apache-2.0
// A process's sockets by descriptor.
#include "tracer/trace/descriptors.h"

#include <utility>

namespace wireseam {
namespace {

bool within(int fd, uint64_t first, uint64_t last) {
  const auto number = static_cast<uint64_t>(fd);
  return first <= number && number <= last;
}

}  // namespace

Socket* Descriptors::find(int fd) const {
  const auto found = entries_.find(fd);
  return found != entries_.end() ? found->second.socket.get() : nullptr;
}

void Descriptors::put(int fd, std::shared_ptr<Socket> socket, OnExec on_exec) {
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
  std::erase_if(entries_, [=](const auto& entry) { return within(entry.first, first, last); });
}

void Descriptors::set_on_exec(uint64_t first, uint64_t last, OnExec on_exec) {
  for (auto& [fd, entry] : entries_)
    if (within(fd, first, last)) entry.on_exec = on_exec;
}

void Descriptors::exec() {
  std::erase_if(entries_, [](const auto& entry) { return entry.second.on_exec == OnExec::Close; });
}

}  // namespace wireseam
