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
  struct Met {
    uint64_t client = 0;  // 0: nobody
    uint64_t server = 0;
  };

  // It has connected, or was accepted, by a call of that time: connections are accepted in the
  // order in which they were made. Returns whom it has met by that.
  Met connected(const Socket& socket, uint64_t begin_ns, uint64_t end_ns);
  // A message went between them, which shows that they are peers.
  void exchanged(uint64_t sender, uint64_t receiver);

  // Its messages are not those of its peer: connections of others were made in between. Returns
  // that peer; 0: it is of a pair, or of none.
  uint64_t part(uint64_t socket);

  // Whether its peer was found by the order of connections alone, and no message has shown it or
  // there were connections of others; or there was none so far.
  bool is_doubtful(uint64_t socket) const;
  // By that order; 0: nobody, or it is known otherwise.
  uint64_t guessed_peer(uint64_t socket) const;
  // It has connected, and no accept of it was seen so far.
  bool awaits_accept(uint64_t socket) const;

  std::optional<Endpoint> local(const Socket& socket) const;
  std::optional<Endpoint> peer(const Socket& socket) const;
  // The end that stands for a socket.
  static Endpoint end_of(uint64_t socket);
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
    std::string name;  // that was connected to; empty: of a pair
    bool is_server = false;
    bool is_guess = false;  // the peer is, by the order of connections
    bool is_shown = false;  // and a message went between them
    bool has_met = false;   // it had a peer once
    uint64_t since_ns = 0;  // accepted ones: when accept(2) returned it
  };

  Met meet(uint64_t client, uint64_t server);

  std::unordered_map<uint64_t, Known> known_;  // by id of the socket
  // By name: who waits for the other end.
  std::map<std::string, std::deque<uint64_t>> clients_;
  std::map<std::string, std::deque<uint64_t>> servers_;
};

}  // namespace wireseam
