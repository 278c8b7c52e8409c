// SPDX-License-Identifier: Apache-2.0
// Who owns the sockets of a trace, and for how long.
#include "tracer/trace/socket_registry.h"

#include <algorithm>

namespace wireseam {
namespace {

// The newest sockets are kept although no descriptor stands for them.
constexpr uint64_t kKeptUnused = 1024;

}  // namespace

std::shared_ptr<Socket> SocketRegistry::find_or_make(uint64_t cookie) {
  if (cookie != 0) {
    const auto found = by_cookie_.find(cookie);
    if (found != by_cookie_.end())
      if (auto socket = found->second.lock()) return socket;
  }
  if (sockets_.size() >= next_drop_) drop_unused();
  auto socket = std::make_shared<Socket>();
  socket->id = ++made_;
  sockets_.push_back(socket);
  set_cookie(*socket, cookie);
  return socket;
}

void SocketRegistry::set_cookie(Socket& socket, uint64_t cookie) {
  if (cookie == 0 || socket.cookie == cookie) return;
  socket.cookie = cookie;
  by_cookie_[cookie] = *find(socket.id);
}

size_t SocketRegistry::holders(uint64_t id) const {
  const auto found = find(id);
  const bool is_there = found != sockets_.end() && (*found)->id == id;
  return is_there ? static_cast<size_t>(found->use_count()) - 1 : 0;
}

bool SocketRegistry::passed_on(uint64_t id) const {
  const auto found = find(id);
  return found != sockets_.end() && (*found)->id == id && (*found)->passed_on;
}

std::vector<std::shared_ptr<Socket>>::const_iterator SocketRegistry::find(uint64_t id) const {
  return std::lower_bound(
      sockets_.begin(), sockets_.end(), id,
      [](const std::shared_ptr<Socket>& each, uint64_t wanted) { return each->id < wanted; });
}

void SocketRegistry::doubt_all() {
  for (const auto& socket : sockets_) socket->exact = false;
}

void SocketRegistry::drop_unused() {
  std::erase_if(sockets_, [this](const auto& socket) {
    return socket.use_count() == 1 && socket->id + kKeptUnused < made_;
  });
  std::erase_if(by_cookie_, [](const auto& entry) { return entry.second.expired(); });
  next_drop_ = 2 * sockets_.size() + 4096;
}

}  // namespace wireseam
