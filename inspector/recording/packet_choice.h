// SPDX-License-Identifier: Apache-2.0
// Which packets of a capture are of a traced program's sockets. All are looked at before one can be
// told: only the last fragment of a datagram shows whose the first ones are. ICMP errors about a
// packet of a socket belong, too.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "inspector/capture/packet_source.h"
#include "inspector/decode/decoder.h"
#include "inspector/recording/traced_sockets.h"
#include "tracer/trace/reader.h"

namespace wireseam {

class PacketChoice {
 public:
  // Reads all of both. Of `host`: see TracedSockets.
  PacketChoice(TraceReader& calls, PacketSource& packets, std::vector<SocketEnd> host = {});

  // By its number in the capture.
  bool is_chosen(uint64_t number) const { return number < chosen_.size() && chosen_[number]; }

  // Whether the program had connections, so that there must have been packets.
  bool has_connections() const { return sockets_.has_connections(); }

 private:
  using Datagram = std::tuple<IpAddress, IpAddress, uint16_t>;  // ends and ID

  static Datagram datagram_of(const Packet& packet) {
    return {packet.source, packet.destination, packet.ip_id};
  }
  void consider(const RawPacket& raw);
  bool is_error_about_ours(const Packet& packet, const RawPacket& raw);
  void hold_fragment(const Packet& packet);
  void choose_fragments(const Packet& last);

  TracedSockets sockets_;
  Decoder decoder_;
  Decoder quoted_;  // packets in ICMP errors
  std::vector<bool> chosen_{false};
  std::map<Datagram, std::vector<uint64_t>> fragments_;  // numbers
};

}  // namespace wireseam
