// SPDX-License-Identifier: Apache-2.0
// Which packets are of the sockets that a traced program used. Most sockets tell both of their
// ends; for the others there is what they are known to do: a port that is open to everybody
// (listeners, UDP), or an attempt to reach a peer at some time, whose packet tells the local end.
#pragma once

#include <bitset>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "inspector/decode/packet.h"
#include "tracer/trace/event.h"
#include "tracer/trace/socket_table.h"

namespace wireseam {

// An end of a packet or of a socket. A socket that is bound to any address of a version has a zero
// one; to any of both versions, none. IPv4 in IPv6 (RFC 4291, 2.5.5.2) is IPv4.
struct SocketEnd {
  IpVersion version = IpVersion::None;
  IpAddress address;
  uint16_t port = 0;

  auto operator<=>(const SocketEnd&) const = default;
};

// Of the bytes of a struct sockaddr; no value where it is not of the Internet.
std::optional<SocketEnd> socket_end(std::span<const std::byte> sockaddr);

class TracedSockets : public EventSink {
 public:
  // `host` has the machine's own addresses (ports do not matter): a port that is open on any
  // address is so on these. Without them, on all.
  explicit TracedSockets(std::vector<SocketEnd> host = {});

  // In the order of their effects (EventSorter). All of them come before the first packet is asked
  // about.
  void event(const Event& event) override;

  // Whether some socket was connected by TCP: packets must have passed.
  bool has_connections() const;

  // Whether it came from one of the sockets or went to one. Packets come in the order of time: what
  // an attempt's packet tells is used for those that follow.
  bool carried(const Packet& packet);

 private:
  using Port = std::pair<Transport, SocketEnd>;
  struct Flow {
    Transport transport;
    SocketEnd local;
    SocketEnd peer;

    auto operator<=>(const Flow&) const = default;
  };
  struct Attempt {
    uint64_t from_ns;
    uint64_t until_ns;
    std::optional<uint64_t> payload;  // bytes; UDP where it is known
  };
  using Attempts = std::multimap<Port, Attempt>;  // by the peer
  struct Interval {
    uint64_t since_ns;
    uint64_t until_ns;
  };
  struct KnownSocket {
    uint64_t first_ns = 0;
    size_t names = 0;  // a hash of both, to see when they change
  };

  void note(const Socket& socket, uint64_t time_ns);
  void note(const UnseenSocketEvent& socket);
  void note_attempts(const Event& event, const CallEvent& call, const Socket& socket);
  void note_attempt(const Socket& socket, const SocketEnd& peer, const Attempt& attempt);
  void add_flow(const Flow& flow, uint64_t since_ns = 0);
  void open_port(const Port& port, uint64_t since_ns);
  void open_unseen_port(const Port& port, const Interval& time);
  bool is_open(const Port& port, uint64_t time_ns) const;

  bool is_known(const Flow& flow, uint64_t time_ns) const;
  bool is_attempt(const Packet& packet, const Flow& flow);
  bool is_of_host(const SocketEnd& end) const;

  std::vector<SocketEnd> host_;
  SocketTable table_;
  std::unordered_map<uint64_t, KnownSocket> sockets_;  // by id
  std::map<Flow, uint64_t> flows_;                     // since when; those that calls told: always
  std::map<Port, uint64_t> open_ports_;                // since when
  std::multimap<Port, Interval> unseen_ports_;
  Attempts attempts_;
  std::bitset<65536> local_ports_;  // of both: most packets are known to be foreign by this
};

}  // namespace wireseam
