// SPDX-License-Identifier: Apache-2.0
#include "inspector/flow/handshake.h"

namespace wireseam {
namespace {

HandshakeStep step_of(const Packet& packet) {
  return {packet.number, packet.time_ns, packet.tcp.seq, packet.tcp.ack};
}

uint64_t time_between(const HandshakeStep& first, const HandshakeStep& second) {
  if (first.packet == 0 || second.packet == 0 || second.time_ns < first.time_ns) return 0;
  return second.time_ns - first.time_ns;
}

}  // namespace

uint64_t Handshake::server_rtt_ns() const { return time_between(syn, syn_ack); }
uint64_t Handshake::client_rtt_ns() const {
  return state == HandshakeState::Refused ? 0 : time_between(syn_ack, ack);
}

bool Handshake::packet(const Packet& packet, Sender sender) {
  if (packet.tcp.has(kSyn)) return syn_packet(packet, sender);
  if (state != HandshakeState::SynSent && state != HandshakeState::SynReceived) return false;
  if (packet.tcp.has(kRst)) {
    ack = step_of(packet);
    state = HandshakeState::Refused;
    return true;
  }
  // What acknowledges the answer completes it. Where the capture lacks the answer, the client's
  // acknowledgement shows that there was one.
  const bool acknowledges = syn_ack.packet == 0 || packet.tcp.ack == syn_ack.seq + 1;
  if (sender != Sender::Client || !packet.tcp.has(kAck) || !acknowledges) return false;
  ack = step_of(packet);
  state = HandshakeState::Complete;
  return true;
}

bool Handshake::syn_packet(const Packet& packet, Sender sender) {
  if (state == HandshakeState::Complete || state == HandshakeState::Simultaneous) return false;
  if (sender == Sender::Client && !packet.tcp.has(kAck)) {
    if (++syns == 1) first_syn_ns = packet.time_ns;
    if (syn_ack.packet == 0) syn = step_of(packet);
    if (state == HandshakeState::NotSeen) state = HandshakeState::SynSent;
    return false;
  }
  if (sender == Sender::Client) {
    // Its SYN crossed the other one, which it acknowledges now.
    ack = step_of(packet);
    state = HandshakeState::Simultaneous;
    return true;
  }
  ++syn_acks;
  syn_ack = step_of(packet);
  state = HandshakeState::SynReceived;
  return false;
}

std::string_view to_string(HandshakeState state) {
  switch (state) {
    case HandshakeState::NotSeen:
      return "not-seen";
    case HandshakeState::SynSent:
      return "no-answer";
    case HandshakeState::SynReceived:
      return "half-open";
    case HandshakeState::Complete:
      return "complete";
    case HandshakeState::Refused:
      return "refused";
    case HandshakeState::Simultaneous:
      return "simultaneous";
  }
  return "not-seen";
}

}  // namespace wireseam
