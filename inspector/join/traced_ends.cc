// SPDX-License-Identifier: Apache-2.0
#include "inspector/join/traced_ends.h"

#include <sys/socket.h>

#include <algorithm>
#include <cstdint>

#include "inspector/join/ends.h"

namespace wireseam {

void TracedEnds::event(const Event& event) {
  if (std::holds_alternative<ProcessBeginEvent>(event.what)) processes_.insert(event.pid);
  if (std::holds_alternative<ProcessEndEvent>(event.what)) processes_.erase(event.pid);
  const auto* call = std::get_if<CallEvent>(&event.what);
  const CallSockets about = sockets_.apply(event);
  // connect(2): a socket may get another peer.
  if (about.socket != nullptr && call->number == CallNumber::connect)
    known_.erase(about.socket->id);
  if (about.socket != nullptr) add(*about.socket);
  for (const CallSockets::Made& made : about.made) add(*made.socket);
}

void TracedEnds::add(const Socket& socket) {
  if (known_.contains(socket.id)) return;
  if (socket.domain == AF_UNIX)
    add_unix(socket);
  else
    add_inet(socket);
}

void TracedEnds::add_inet(const Socket& socket) {
  auto local = endpoint_on_wire(socket.local);
  if (!local) return;
  if (socket.role == SocketRole::Listener && extent_ == TraceExtent::GoingOn)
    listeners_.insert(*local);
  auto peer = endpoint_on_wire(socket.peer);
  if (!peer) return;
  known_.insert(socket.id);
  if (socket.role == SocketRole::Client && socket.is_stream()) clients_.insert(*local);
  ends_.emplace(std::move(*local), std::move(*peer));
}

void TracedEnds::add_unix(const Socket& socket) {
  const bool is_client = socket.role == SocketRole::Client;
  const auto name = endpoint_from_sockaddr(is_client ? socket.peer : socket.local);
  if (!name) return;
  if (socket.role == SocketRole::Listener && extent_ == TraceExtent::GoingOn)
    listeners_.insert(*name);
  if (!is_client && socket.role != SocketRole::Server) return;
  known_.insert(socket.id);
  ++names_[to_string(*name)][static_cast<size_t>(is_client ? Role::Client : Role::Server)];
}

size_t TracedEnds::named(const std::string& name, Role role) const {
  const auto listens = [&](const Endpoint& each) { return to_string(each) == name; };
  if (role == Role::Server && std::ranges::any_of(listeners_, listens)) return SIZE_MAX;
  const auto found = names_.find(name);
  return found != names_.end() ? found->second[static_cast<size_t>(role)] : 0;
}

// A socket that listens at any address of IPv6 takes IPv4 as well, unless IPV6_V6ONLY is set.
bool TracedEnds::listens_at(const Endpoint& local) const {
  if (listeners_.empty()) return false;
  Endpoint any;
  any.family = local.family;
  any.port = local.port;
  if (listeners_.contains(local) || listeners_.contains(any)) return true;
  any.family = AddressFamily::Inet6;
  return listeners_.contains(any);
}

Expectation TracedEnds::expectation() const {
  return {.end = [this](const Endpoint& local, const Endpoint& peer) { return has(local, peer); },
          .named = [this](const std::string& name, Role role) { return named(name, role); },
          .cut_off = extent_ == TraceExtent::Whole && !processes_.empty()};
}

}  // namespace wireseam
