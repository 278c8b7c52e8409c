// SPDX-License-Identifier: Apache-2.0
// Follows every socket of a trace through socket, accept, dup, fork, exec, SCM_RIGHTS and close,
// and counts what moved through it, so that each call that moved bytes gets its range on the axis
// of its stream. Needs the events in the order in which they took effect (EventSorter). A call that
// was missed costs no more than what it would have told: a socket met again brings its identity.
#pragma once

#include <map>
#include <memory>
#include <utility>

#include "tracer/trace/event.h"
#include "tracer/trace/process_descriptors.h"
#include "tracer/trace/socket.h"
#include "tracer/trace/socket_registry.h"

namespace wireseam {

class SocketTable {
 public:
  // The socket behind a descriptor of that process (its index) and thread: before a call if asked
  // before the call is applied, else after it. nullptr where it is none, or not known. Valid until
  // the next event is applied.
  const Socket* find(uint32_t process, uint32_t tid, int fd) const;

  // A call that others overtake: until it is applied it holds the socket that it began with.
  void running(const Event& event);

  // Whether a descriptor is left that stands for the socket with that id, or a call in progress.
  bool in_use(const Socket& socket) const { return in_use(socket.id); }
  bool in_use(uint64_t id) const { return registry_.holders(id) > 0; }
  // Whether it was sent somewhere by SCM_RIGHTS, where it may live on.
  bool passed_on(uint64_t id) const { return registry_.passed_on(id); }
  // Whether calls in progress are all that is left of it.
  bool is_only_under_way(uint64_t id) const;

  // Running calls change nothing: they come again when they have returned.
  CallSockets apply(const Event& event);

 private:
  // What a call in progress began with: closing its number in another thread does not end it.
  struct Underway {
    uint32_t serial = 0;
    std::shared_ptr<Socket> socket;
  };

  std::shared_ptr<Socket> began_with(const Event& event, const CallEvent& call,
                                     const Descriptors& descriptors);

  ProcessDescriptors processes_;
  std::map<std::pair<uint32_t, uint32_t>, Underway> underway_;  // by process and thread
  SocketRegistry registry_;
};

}  // namespace wireseam
