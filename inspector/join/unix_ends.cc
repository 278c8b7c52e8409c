// SPDX-License-Identifier: Apache-2.0
#include "inspector/join/unix_ends.h"

#include <sys/socket.h>

#include <charconv>
#include <utility>

namespace wireseam {
namespace {

// No name of unix(7) begins so: a path has no such bytes but by intention, an abstract one has NUL.
constexpr char kMark = '\x01';
constexpr const char* kUnnamed = "(unnamed)";

Endpoint numbered(uint64_t socket) {
  Endpoint end;
  end.family = AddressFamily::Unix;
  end.path = kMark + std::to_string(socket);
  return end;
}

std::optional<Endpoint> named(const std::vector<std::byte>& name) {
  auto end = endpoint_from_sockaddr(name);
  if (end && (end->family != AddressFamily::Unix || end->path.empty())) end.reset();
  return end;
}

}  // namespace

void UnixEnds::pair(const Socket& first, const Socket& second) {
  known_[first.id] = {.peer = second.id, .text = kUnnamed};
  known_[second.id] = {.peer = first.id, .text = "(pair)", .is_server = true};
}

void UnixEnds::connected(const Socket& socket) {
  if (socket.type != SOCK_SEQPACKET || known_.contains(socket.id)) return;
  const bool is_client = socket.role == SocketRole::Client;
  const auto name = named(is_client ? socket.peer : socket.local);
  if (!name || (!is_client && socket.role != SocketRole::Server)) return;
  known_[socket.id] = {.text = is_client ? kUnnamed : to_string(*name), .is_server = !is_client};
  const std::string key = to_string(*name);
  auto& others = is_client ? servers_[key] : clients_[key];
  if (others.empty()) return (is_client ? clients_ : servers_)[key].push_back(socket.id);
  const uint64_t other = others.front();
  others.pop_front();
  is_client ? meet(socket.id, other) : meet(other, socket.id);
}

void UnixEnds::meet(uint64_t client, uint64_t server) {
  known_[client].peer = server;
  known_[server].peer = client;
  known_[client].is_guess = known_[server].is_guess = true;
}

uint64_t UnixEnds::part(uint64_t socket) {
  const auto known = known_.find(socket);
  if (known == known_.end() || !known->second.is_guess) return 0;
  const uint64_t peer = std::exchange(known->second.peer, 0);
  known_[peer].peer = 0;
  known->second.is_guess = known_[peer].is_guess = false;
  return peer;
}

std::optional<Endpoint> UnixEnds::local(const Socket& socket) const {
  if (known_.contains(socket.id)) return numbered(socket.id);
  const auto name = named(socket.local);
  return name ? name : numbered(socket.id);
}

std::optional<Endpoint> UnixEnds::peer(const Socket& socket) const {
  const auto known = known_.find(socket.id);
  if (known != known_.end() && known->second.peer != 0) return numbered(known->second.peer);
  return named(socket.peer);
}

uint64_t UnixEnds::socket_of(const Endpoint& end) {
  uint64_t socket = 0;
  if (end.family == AddressFamily::Unix && !end.path.empty() && end.path[0] == kMark)
    std::from_chars(end.path.data() + 1, end.path.data() + end.path.size(), socket);
  return socket;
}

std::string UnixEnds::text(const Endpoint& end) const {
  const uint64_t socket = socket_of(end);
  if (socket == 0) return to_string(end);
  const auto known = known_.find(socket);
  return known != known_.end() ? known->second.text : kUnnamed;
}

bool UnixEnds::is_server(const Endpoint& end) const {
  const auto known = known_.find(socket_of(end));
  return known != known_.end() && known->second.is_server;
}

}  // namespace wireseam
