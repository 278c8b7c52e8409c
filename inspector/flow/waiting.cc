// SPDX-License-Identifier: Apache-2.0
#include "inspector/flow/waiting.h"

namespace wireseam {
namespace {

// What comes later than this after the end had not been on its way.
constexpr uint64_t kOnItsWayNs = 1'000'000'000;

}  // namespace

Waiting waiting_of(const Connection& connection) {
  if (connection.key.transport == Transport::Udp) return Waiting::Datagrams;
  if (connection.handshake.state == HandshakeState::SynSent) return Waiting::Unanswered;
  if (!connection.teardown->over()) return Waiting::Open;
  const bool resent = connection.last_ns > connection.teardown->end_ns() + kOnItsWayNs;
  return resent ? Waiting::OverAndResent : Waiting::Over;
}

}  // namespace wireseam
