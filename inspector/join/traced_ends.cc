// SPDX-License-Identifier: Apache-2.0
#include "inspector/join/traced_ends.h"

#include <utility>

#include "inspector/join/ends.h"

namespace wireseam {

void TracedEnds::event(const Event& event) {
  const auto* call = std::get_if<CallEvent>(&event.what);
  const CallSockets about = sockets_.apply(event);
  // connect(2): a socket may get another peer.
  if (about.socket != nullptr && call->number == CallNumber::connect)
    known_.erase(about.socket->id);
  if (about.socket != nullptr) add(*about.socket);
  for (const CallSockets::Made& made : about.made) add(*made.socket);
}

void TracedEnds::add(const Socket& socket) {
  if (socket.peer.empty() || known_.contains(socket.id)) return;
  auto local = endpoint_on_wire(socket.local);
  auto peer = endpoint_on_wire(socket.peer);
  if (!local || !peer) return;
  known_.insert(socket.id);
  ends_.emplace(std::move(*local), std::move(*peer));
}

}  // namespace wireseam
