// SPDX-License-Identifier: Apache-2.0
#include "inspector/flow/roles.h"

#include <algorithm>
#include <array>

namespace wireseam {
namespace {

constexpr uint16_t kWellKnown = 1024;
constexpr uint16_t kEphemeral = 32768;
// Servers' ports above the well-known ones that are seen most; rising.
constexpr std::array<uint16_t, 40> kKnown{
    1080, 1433, 1521, 1883, 2049, 2181, 2375,  3000,  3128,  3306,  3389,  4369, 5000, 5060,
    5222, 5432, 5672, 5900, 5984, 6379, 6443,  6667,  8000,  8080,  8086,  8443, 8883, 8888,
    9000, 9042, 9090, 9092, 9200, 9300, 11211, 15672, 25565, 27017, 50000, 50051};

bool is_server_port(uint16_t port, uint16_t other) {
  if ((port < kWellKnown) != (other < kWellKnown)) return port < kWellKnown;
  const bool known = std::ranges::binary_search(kKnown, port);
  if (known != std::ranges::binary_search(kKnown, other)) return known;
  return port < kEphemeral && other >= kEphemeral;
}

}  // namespace

Roles roles_of(const FlowKey& key, const Packet& packet, Side sender) {
  if (packet.transport == Transport::Tcp && packet.tcp.has(kSyn))
    return {packet.tcp.has(kAck) ? other(sender) : sender, false};
  if (is_server_port(key.port_a, key.port_b)) return {Side::B, true};
  if (is_server_port(key.port_b, key.port_a)) return {Side::A, true};
  if (packet.transport == Transport::Tcp && key.port_a != key.port_b)
    return {key.port_a < key.port_b ? Side::B : Side::A, true};
  return {sender, true};
}

}  // namespace wireseam
