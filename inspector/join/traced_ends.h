// SPDX-License-Identifier: Apache-2.0
// Which ends of connections have their calls in a trace: known beforehand, so that nobody waits for
// calls that never come.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>

#include "common/endpoint.h"
#include "inspector/join/expectation.h"
#include "tracer/trace/socket_table.h"

namespace wireseam {

enum class TraceExtent : uint8_t {
  Whole,    // all of it is known
  GoingOn,  // who listens may yet accept
};

class TracedEnds final : public EventSink {
 public:
  explicit TracedEnds(TraceExtent extent = TraceExtent::Whole) : extent_(extent) {}

  // All events of the trace, in their order.
  void event(const Event& event) override;

  // Ends as packets have them.
  bool has(const Endpoint& local, const Endpoint& peer) const {
    return ends_.contains({local, peer}) || clients_.contains(local) || listens_at(local);
  }

  // How many sockets of that role talk with the UNIX socket of that name.
  size_t named(const std::string& name, Role role) const;

  // This must outlive it.
  Expectation expectation() const;

 private:
  void add(const Socket& socket);
  void add_inet(const Socket& socket);
  void add_unix(const Socket& socket);
  bool listens_at(const Endpoint& local) const;

  TraceExtent extent_;
  SocketTable sockets_;
  std::unordered_set<uint64_t> known_;  // ids of sockets that have been added
  std::set<std::pair<Endpoint, Endpoint>> ends_;
  std::set<Endpoint> clients_;  // their own ends: packets have another peer where it is translated
  std::map<std::string, std::array<size_t, 2>> names_;  // by Role
  std::set<Endpoint> listeners_;                        // of a trace that goes on
  std::set<uint32_t> processes_;                        // by pid: that have not ended
};

}  // namespace wireseam
