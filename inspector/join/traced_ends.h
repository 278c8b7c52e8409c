// SPDX-License-Identifier: Apache-2.0
// Which ends of connections have their calls in a trace: known beforehand, so that nobody waits for
// calls that never come.
#pragma once

#include <cstdint>
#include <set>
#include <unordered_set>
#include <utility>

#include "common/endpoint.h"
#include "tracer/trace/socket_table.h"

namespace wireseam {

class TracedEnds final : public EventSink {
 public:
  // All events of the trace, in their order.
  void event(const Event& event) override;

  // Ends as packets have them.
  bool has(const Endpoint& local, const Endpoint& peer) const {
    return ends_.contains({local, peer});
  }

 private:
  void add(const Socket& socket);

  SocketTable sockets_;
  std::unordered_set<uint64_t> known_;  // ids of sockets whose ends are in ends_
  std::set<std::pair<Endpoint, Endpoint>> ends_;
};

}  // namespace wireseam
