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

std::optional<Endpoint> named(const std::vector<std::byte>& name) {
  auto end = endpoint_from_sockaddr(name);
  if (end && (end->family != AddressFamily::Unix || end->path.empty())) end.reset();
  return end;
}

}  // namespace

void UnixEnds::pair(const Socket& first, const Socket& second) {
  known_[first.id] = {.peer = second.id, .text = kUnnamed, .name = {}};
  known_[second.id] = {.peer = first.id, .text = "(pair)", .name = {}, .is_server = true};
}

UnixEnds::Met UnixEnds::connected(const Socket& socket, uint64_t begin_ns, uint64_t end_ns) {
  if (socket.type != SOCK_SEQPACKET || known_.contains(socket.id)) return {};
  const bool is_client = socket.role == SocketRole::Client;
  const auto name = named(is_client ? socket.peer : socket.local);
  if (!name || (!is_client && socket.role != SocketRole::Server)) return {};
  const std::string key = to_string(*name);
  known_[socket.id] = {
      .text = is_client ? kUnnamed : key, .name = key, .is_server = !is_client, .since_ns = end_ns};
  auto& others = is_client ? servers_[key] : clients_[key];
  // Who was accepted before it connected is of somebody else.
  while (is_client && !others.empty() && known_[others.front()].since_ns < begin_ns)
    others.pop_front();
  if (others.empty()) {
    (is_client ? clients_ : servers_)[key].push_back(socket.id);
    return {};
  }
  const uint64_t other = others.front();
  others.pop_front();
  return is_client ? meet(socket.id, other) : meet(other, socket.id);
}

UnixEnds::Met UnixEnds::meet(uint64_t client, uint64_t server) {
  known_[client].peer = server;
  known_[server].peer = client;
  for (const uint64_t socket : {client, server})
    known_[socket].is_guess = known_[socket].has_met = true;
  return {client, server};
}

void UnixEnds::exchanged(uint64_t sender, uint64_t receiver) {
  const auto one = known_.find(sender);
  const auto other = known_.find(receiver);
  if (one == known_.end() || other == known_.end()) return;
  const bool is_client = !one->second.is_server;
  if (one->second.peer == 0 && other->second.peer == 0 && is_client == other->second.is_server)
    is_client ? meet(sender, receiver) : meet(receiver, sender);
  if (one->second.peer == receiver) one->second.is_shown = other->second.is_shown = true;
}

bool UnixEnds::is_doubtful(uint64_t socket) const {
  const auto known = known_.find(socket);
  if (known == known_.end() || (known->second.peer != 0 && !known->second.is_guess)) return false;
  const auto alone = servers_.find(known->second.name);
  const bool has_strangers = alone != servers_.end() && !alone->second.empty();
  return !known->second.is_shown || has_strangers;
}

uint64_t UnixEnds::guessed_peer(uint64_t socket) const {
  const auto known = known_.find(socket);
  return known != known_.end() && known->second.is_guess ? known->second.peer : 0;
}

bool UnixEnds::awaits_accept(uint64_t socket) const {
  const auto known = known_.find(socket);
  return known != known_.end() && !known->second.is_server && !known->second.has_met;
}

uint64_t UnixEnds::part(uint64_t socket) {
  const auto known = known_.find(socket);
  if (known == known_.end() || !known->second.is_guess) return 0;
  const uint64_t peer = std::exchange(known->second.peer, 0);
  Known& other = known_[peer];
  other.peer = 0;
  known->second.is_guess = other.is_guess = known->second.is_shown = other.is_shown = false;
  return peer;
}

std::optional<Endpoint> UnixEnds::local(const Socket& socket) const {
  if (known_.contains(socket.id)) return end_of(socket.id);
  const auto name = named(socket.local);
  return name ? name : end_of(socket.id);
}

std::optional<Endpoint> UnixEnds::peer(const Socket& socket) const {
  const auto known = known_.find(socket.id);
  if (known == known_.end() || awaits_accept(socket.id)) return named(socket.peer);
  return known->second.peer != 0 ? std::optional(end_of(known->second.peer)) : std::nullopt;
}

Endpoint UnixEnds::end_of(uint64_t socket) {
  Endpoint end;
  end.family = AddressFamily::Unix;
  end.path = kMark + std::to_string(socket);
  return end;
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
