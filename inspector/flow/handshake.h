// SPDX-License-Identifier: Apache-2.0
// How a connection began (RFC 9293 section 3.5), as far as the capture shows it.
#pragma once

#include <cstdint>
#include <string_view>

#include "inspector/decode/packet.h"

namespace wireseam {

enum class HandshakeState : uint8_t {
  NotSeen,      // the capture begins in the middle
  SynSent,      // no answer so far
  SynReceived,  // the answer has not been acknowledged so far
  Complete,
  Refused,       // answered with RST
  Simultaneous,  // complete; both sides sent a SYN of their own
};

// One of its packets.
struct HandshakeStep {
  uint64_t packet = 0;  // 0: not seen
  uint64_t time_ns = 0;
  uint32_t seq = 0;
  uint32_t ack = 0;
};

struct Handshake {
  HandshakeState state = HandshakeState::NotSeen;
  uint16_t syns = 0;  // how often each was sent
  uint16_t syn_acks = 0;
  HandshakeStep syn;      // the last one before the answer
  HandshakeStep syn_ack;  // the last one before it was acknowledged
  HandshakeStep ack;      // or the RST of a refusal
  uint64_t first_syn_ns = 0;

  // From the SYN to its answer, as the capture saw it; 0 where one of them is missing.
  uint64_t server_rtt_ns() const;
  // From the answer to its acknowledgement.
  uint64_t client_rtt_ns() const;

  enum class Sender : uint8_t { Client, Server };

  // A packet of the connection; true: this one ended the handshake, one way or the other.
  bool packet(const Packet& packet, Sender sender);

 private:
  bool syn_packet(const Packet& packet, Sender sender);
};

std::string_view to_string(HandshakeState state);

}  // namespace wireseam
