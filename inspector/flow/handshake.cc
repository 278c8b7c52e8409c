// SPDX-License-Identifier: Apache-2.0
#include "inspector/flow/handshake.h"

#include <utility>

#include "inspector/flow/sequence.h"

namespace wireseam {
namespace {

HandshakeStep step_of(const Packet& packet) {
  return {packet.number, packet.time_ns, packet.tcp.seq, packet.tcp.ack, packet.tcp.has(kAck)};
}

uint64_t time_between(const HandshakeStep& first, const HandshakeStep& second) {
  if (first.packet == 0 || second.packet == 0 || second.time_ns < first.time_ns) return 0;
  return second.time_ns - first.time_ns;
}

}  // namespace

std::optional<uint64_t> Handshake::duration_ns() const {
  const bool in_order = syn_ack.packet == 0 || syn.packet < syn_ack.packet;
  if (syn.packet == 0 || ack.packet == 0 || !in_order || end_ns < first_syn_ns) return std::nullopt;
  return end_ns - first_syn_ns;
}

uint64_t Handshake::server_rtt_ns() const { return time_between(syn, syn_ack); }
uint64_t Handshake::client_rtt_ns() const {
  return state == HandshakeState::Refused ? 0 : time_between(syn_ack, ack);
}

bool Handshake::packet(const Packet& packet, Sender sender) {
  if (packet.tcp.has(kSyn)) return syn_packet(packet, sender);
  if (state == HandshakeState::NotSeen && packet.tcp.has(kRst) && packet.tcp.has(kAck) &&
      sender == Sender::Server)
    rival = step_of(packet);
  if (state != HandshakeState::SynSent && state != HandshakeState::SynReceived) return false;
  if (packet.tcp.has(kRst)) {
    // Who resets what is half-open has refused nothing: the port was open.
    if (state != HandshakeState::SynSent || sender != Sender::Server) return false;
    state = HandshakeState::Refused;
  } else {
    if (!packet.tcp.has(kAck) || !completes(packet, sender)) return false;
    state = HandshakeState::Complete;
  }
  const bool by_client = sender == Sender::Client;
  if (by_client || state == HandshakeState::Refused) ack = step_of(packet);
  end_ns = packet.time_ns;
  return true;
}

// Any acceptable acknowledgement of the answer does (RFC 9293 section 3.10.7.4), also one of more
// than that. Where the capture lacks the answer, the client's acknowledgement shows that there was
// one; and where it has the server's side alone, the server acknowledges what came behind the SYN.
bool Handshake::completes(const Packet& packet, Sender sender) const {
  if (sender == Sender::Server)
    return syn.packet == 0 && syn_ack.packet != 0 && sequence_before(syn_ack.ack, packet.tcp.ack);
  return syn_ack.packet == 0 || !sequence_before(packet.tcp.ack, syn_ack.seq + 1);
}

bool Handshake::prefers_rival(const Packet& packet) {
  if (rival.packet == 0 || state != HandshakeState::SynReceived || !packet.tcp.has(kAck) ||
      packet.tcp.ack != rival.seq + 1)
    return false;
  std::swap(rival, syn_ack);
  return true;
}

bool Handshake::syn_packet(const Packet& packet, Sender sender) {
  if (state == HandshakeState::Complete && sender == Sender::Server && syn_ack.packet == 0)
    syn_ack = step_of(packet);
  if (state == HandshakeState::Complete || state == HandshakeState::Simultaneous) return false;
  if (sender == Sender::Client && !packet.tcp.has(kAck)) {
    if (++syns == 1) first_syn_ns = packet.time_ns;
    if (syn_ack.packet == 0 || syn.packet == 0) syn = step_of(packet);
    if (state != HandshakeState::NotSeen) return false;
    state = HandshakeState::SynSent;
    const HandshakeStep before = std::exchange(rival, {});
    if (before.packet == 0 || before.ack != packet.tcp.seq + 1) return false;
    state = HandshakeState::Refused;  // by an RST that was captured before
    ack = before;
    end_ns = before.time_ns;
    return true;
  }
  if (sender == Sender::Client) {
    // Its SYN crossed the other one, which it acknowledges now.
    ack = step_of(packet);
    end_ns = packet.time_ns;
    state = HandshakeState::Simultaneous;
    return true;
  }
  ++syn_acks;
  if (syn_ack.packet != 0 && syn_ack.seq != packet.tcp.seq) rival = syn_ack;
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
