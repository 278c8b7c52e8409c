// SPDX-License-Identifier: Apache-2.0
// How a connection began (RFC 9293 section 3.5), as far as the capture shows it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "inspector/decode/packet.h"

namespace wireseam {

enum class HandshakeState : uint8_t {
  NotSeen,      // the capture begins in the middle
  SynSent,      // no answer so far
  SynReceived,  // the answer has not been acknowledged so far
  Complete,
  Refused,       // the SYN was answered with RST
  Simultaneous,  // complete; both sides sent a SYN of their own
};

// One of its packets.
struct HandshakeStep {
  uint64_t packet = 0;  // 0: not seen
  uint64_t time_ns = 0;
  uint32_t seq = 0;
  uint32_t ack = 0;
  bool acknowledges = false;  // or else `ack` is nothing
};

struct Handshake {
  HandshakeState state = HandshakeState::NotSeen;
  uint16_t syns = 0;  // how often each was sent
  uint16_t syn_acks = 0;
  HandshakeStep syn;      // the last one before the answer
  HandshakeStep syn_ack;  // the last one before it was acknowledged
  HandshakeStep ack;      // what completed it, or the RST of a refusal; maybe not captured
  uint64_t first_syn_ns = 0;
  uint64_t end_ns = 0;  // when it was complete or refused
  // An answer before `syn_ack`, with another number; or before the SYN, an RST.
  HandshakeStep rival;

  // From the first SYN to the end; none where that SYN or the last step was not captured, or only
  // after what answered it.
  std::optional<uint64_t> duration_ns() const;

  // From the SYN to its answer, as the capture saw it; 0 where one of them is missing.
  uint64_t server_rtt_ns() const;
  // From the answer to its acknowledgement.
  uint64_t client_rtt_ns() const;

  enum class Sender : uint8_t { Client, Server };

  // A packet of the connection that its receiver accepts; true: this one ended the handshake, one
  // way or the other.
  bool packet(const Packet& packet, Sender sender);

  // Of two answers the one that the client acknowledges counts. True: this packet of the client
  // acknowledges the first one, which is `syn_ack` from now on.
  bool prefers_rival(const Packet& packet);

 private:
  bool syn_packet(const Packet& packet, Sender sender);
  bool completes(const Packet& packet, Sender sender) const;
};

std::string_view to_string(HandshakeState state);

}  // namespace wireseam
