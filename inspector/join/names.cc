// SPDX-License-Identifier: Apache-2.0
#include "inspector/join/names.h"

#include <arpa/inet.h>

#include <array>

#include "inspector/join/conversation.h"

namespace wireseam {

std::string address_text(const IpAddress& address, IpVersion version) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(version == IpVersion::V4 ? AF_INET : AF_INET6, address.bytes.data(), text.data(),
            text.size());
  return text.data();
}

std::string end_text(const FlowEnd& end, IpVersion version) {
  const std::string port = ":" + std::to_string(end.port);
  const std::string address = address_text(end.address, version);
  return (version == IpVersion::V4 ? address : "[" + address + "]") + port;
}

std::string vlan_name(uint32_t vlan) {
  if (vlan == 0) return "no VLAN";
  const std::string inner = std::to_string(vlan & 0xfff);
  return "VLAN " + (vlan >> 12 == 0 ? inner : std::to_string(vlan >> 12) + "." + inner);
}

std::string_view state_text(const Connection& connection) {
  switch (connection.handshake.state) {
    case HandshakeState::Refused:
    case HandshakeState::SynReceived:
      return to_string(connection.handshake.state);
    case HandshakeState::SynSent:
      if (connection.teardown->state != CloseState::Reset)
        return to_string(connection.handshake.state);
      break;
    case HandshakeState::NotSeen:
    case HandshakeState::Complete:
    case HandshakeState::Simultaneous:
      break;
  }
  return to_string(connection.teardown->state);
}

std::string state_words(const Connection& connection) {
  std::string text(state_text(connection));
  if (connection.handshake.state != HandshakeState::SynReceived ||
      connection.teardown->state != CloseState::Reset)
    return text;
  const bool by_client = connection.teardown->rst.direction == Direction::ToServer;
  return text + ", reset by the " + (by_client ? "client" : "server");
}

std::string_view to_string(Medium medium) {
  switch (medium) {
    case Medium::Tcp:
      return "tcp";
    case Medium::Udp:
      return "udp";
    case Medium::Unix:
      return "unix";
  }
  return "unix";
}

std::string_view to_string(EndReason reason) {
  switch (reason) {
    case EndReason::Over:
      return "over";
    case EndReason::Reused:
      return "reused";
    case EndReason::Idle:
      return "idle";
    case EndReason::GivenUp:
      return "given-up";
    case EndReason::Finished:
      return "finished";
  }
  return "finished";
}

}  // namespace wireseam
