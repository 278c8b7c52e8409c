// SPDX-License-Identifier: Apache-2.0
#include "inspector/flow/incarnations.h"

#include <algorithm>
#include <cstdlib>

#include "inspector/flow/acceptance.h"
#include "inspector/flow/sequence.h"

namespace wireseam {
namespace {

constexpr int32_t kMostUnderWay = 1 << 20;  // between a segment and its answer, in most networks

// How far its numbers are from those of the connection that are next, the worse of both.
uint32_t distance(const Connection& connection, const Packet& packet, Side sender) {
  const auto apart = [](uint32_t number, const Half& half, uint64_t near) {
    const int32_t distance =
        sequence_distance(half.first_seq + static_cast<uint32_t>(near), number);
    return half.begun ? static_cast<uint32_t>(std::abs(int64_t{distance})) : 0;
  };
  const Half& from = connection.half(connection.direction(sender));
  const Half& to = connection.half(opposite(connection.direction(sender)));
  const uint32_t by_seq = apart(packet.tcp.seq, from, from.sent_end);
  return packet.tcp.has(kAck) ? std::max(by_seq, apart(packet.tcp.ack, to, to.acked)) : by_seq;
}

}  // namespace

bool begins_anew(const Connection& connection, const Packet& packet, Side sender) {
  if (packet.transport != Transport::Tcp || !packet.tcp.has(kSyn)) return false;
  const Half& half = connection.half(connection.direction(sender));
  if (!half.begun) return false;
  const bool other_seq = half.first_seq != packet.tcp.seq + 1;
  if (!packet.tcp.has(kAck)) return other_seq;
  const Half& other = connection.half(opposite(connection.direction(sender)));
  if (acknowledges_syn(packet.tcp.ack, other)) return false;
  if (connection.teardown->over()) return !half.syn_seen || other_seq;
  return half.syn_seen && other_seq && !other.syn_seen && packet.tcp.ack != other.first_seq;
}

bool belongs_to_older(const Connection& older, const Connection& newer, const Packet& packet,
                      Side sender) {
  const Half& from = newer.half(newer.direction(sender));
  if (packet.tcp.has(kSyn)) {
    if (!packet.tcp.has(kAck)) return false;
    return !acknowledges_syn(packet.tcp.ack, newer.half(opposite(newer.direction(sender))));
  }
  // An RST without an acknowledgement is no answer to a SYN.
  if (!from.begun && !packet.tcp.has(kAck)) return true;
  return distance(older, packet, sender) < distance(newer, packet, sender);
}

bool is_answered(const Connection& connection) {
  return connection.handshake.state != HandshakeState::SynSent || connection.teardown->over();
}

bool challenges(const Packet& packet, Side sender, const Connection& newer) {
  return sender != newer.client && packet.payload_length == 0 && packet.tcp.has(kAck) &&
         !packet.tcp.has(kSyn | kFin | kRst);
}

bool is_other_way(const Connection& connection, const Packet& packet, Side sender) {
  const Direction direction = connection.direction(sender);
  const Half& half = connection.half(direction);
  const Half& opposite_half = connection.half(opposite(direction));
  if (half.packets > 0) return half.vlan == packet.vlan && opposite_half.vlan != half.vlan;
  if (packet.transport == Transport::Udp) return packet.vlan == 0 || connection.key.vlan == 0;
  // SYNs that cross.
  if (packet.tcp.has(kSyn) && !packet.tcp.has(kAck))
    return opposite_half.syn_seen && connection.handshake.state == HandshakeState::SynSent;
  const uint32_t sent = opposite_half.first_seq + static_cast<uint32_t>(opposite_half.sent_end);
  return packet.tcp.has(kAck) && opposite_half.packets > 0 &&
         std::abs(sequence_distance(sent, packet.tcp.ack)) < kMostUnderWay;
}

}  // namespace wireseam
