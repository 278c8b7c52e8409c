// SPDX-License-Identifier: Apache-2.0
// Tells of each captured packet whether it is of a traced program's sockets. ICMP errors about a
// packet of a socket belong, too.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "inspector/decode/decoder.h"
#include "inspector/decode/icmp_error.h"
#include "inspector/recording/traced_sockets.h"

namespace wireseam {

enum class PacketOwner : uint8_t {
  Program,
  Other,
  Attempt,   // nobody's so far, but a SYN: its connect(2) may not have returned
  Fragment,  // of a datagram that is not complete: only its last one shows whose it is
};

class PacketOwners {
 public:
  // `sockets` must outlive it.
  explicit PacketOwners(TracedSockets& sockets) : sockets_(sockets) {}

  // Packets in the order of time. What is known to the sockets by now decides.
  PacketOwner owner(const RawPacket& raw);

  // Where the packet at hand is the last of a datagram of the program: the numbers of the others,
  // which were fragments when they were asked about.
  const std::vector<uint64_t>& completed() const { return completed_; }

 private:
  using Datagram = std::tuple<IpAddress, IpAddress, uint16_t>;  // ends and ID

  static Datagram datagram_of(const Packet& packet) {
    return {packet.source, packet.destination, packet.ip_id};
  }
  bool is_error_about_ours(const Packet& packet, const RawPacket& raw);
  void hold_fragment(const Packet& packet);
  void complete(const Packet& last);

  TracedSockets& sockets_;
  Decoder decoder_;
  IcmpErrorReader errors_;
  std::map<Datagram, std::vector<uint64_t>> fragments_;  // numbers
  std::vector<uint64_t> completed_;
};

}  // namespace wireseam
