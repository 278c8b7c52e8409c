// SPDX-License-Identifier: Apache-2.0
// Between which UNIX sockets messages go (SOCK_DGRAM, SOCK_SEQPACKET). One that has no name of its
// own, or shares it with those that were accepted beside it, is called by its number in the trace.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "common/endpoint.h"
#include "tracer/trace/socket.h"

namespace wireseam {

class UnixEnds {
 public:
  // A pair of socketpair(2).
  void pair(const Socket& first, const Socket& second);
  // It has connected, or was accepted: connections are accepted in the order in which they were
  // made.
  void connected(const Socket& socket);

  // Its messages are not those of its peer: connections of others were made in between. Returns
  // that peer; 0: it is of a pair, or of none.
  uint64_t part(uint64_t socket);

  std::optional<Endpoint> local(const Socket& socket) const;
  std::optional<Endpoint> peer(const Socket& socket) const;
  // The socket that an end stands for; 0: it is a name.
  static uint64_t socket_of(const Endpoint& end);

  // What people call it: "(unnamed)", "(pair)", "/path".
  std::string text(const Endpoint& end) const;
  // Whether it was accepted, or is the second of a pair.
  bool is_server(const Endpoint& end) const;

 private:
  struct Known {
    uint64_t peer = 0;  // 0: not known
    std::string text;
    bool is_server = false;
    bool is_guess = false;  // the peer is, by the order of connections
  };

  void meet(uint64_t client, uint64_t server);

  std::unordered_map<uint64_t, Known> known_;  // by id of the socket
  // By name: who waits for the other end.
  std::map<std::string, std::deque<uint64_t>> clients_;
  std::map<std::string, std::deque<uint64_t>> servers_;
};

}  // namespace wireseam
