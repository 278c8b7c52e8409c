// SPDX-License-Identifier: Apache-2.0
#include "inspector/join/ends.h"

#include <algorithm>
#include <array>

namespace wireseam {
namespace {

constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

Endpoint endpoint_of(const FlowEnd& end, IpVersion version) {
  Endpoint endpoint;
  endpoint.family = version == IpVersion::V4 ? AddressFamily::Inet : AddressFamily::Inet6;
  endpoint.port = end.port;
  endpoint.address = end.address.bytes;
  return endpoint;
}

std::optional<Endpoint> endpoint_on_wire(std::span<const std::byte> sockaddr) {
  auto end = endpoint_from_sockaddr(sockaddr);
  if (!end) return end;
  end->scope_id = 0;
  const bool mapped = end->family == AddressFamily::Inet6 &&
                      std::equal(kMapped.begin(), kMapped.end(), end->address.begin());
  if (!mapped) return end;
  end->family = AddressFamily::Inet;
  std::copy(end->address.begin() + 12, end->address.end(), end->address.begin());
  std::fill(end->address.begin() + 4, end->address.end(), uint8_t{0});
  return end;
}

bool is_any(const Endpoint& end) {
  return end.family != AddressFamily::Unix &&
         std::ranges::all_of(end.address, [](uint8_t byte) { return byte == 0; });
}

bool is_loopback(const Endpoint& end) {
  if (end.family == AddressFamily::Inet) return end.address[0] == 127;
  return end.family == AddressFamily::Inet6 && end.address.back() == 1 &&
         std::all_of(end.address.begin(), end.address.end() - 1, [](uint8_t b) { return b == 0; });
}

FlowKeyAndSide key_of(const Endpoint& local, const Endpoint& peer) {
  Packet packet;
  packet.ip_version = local.family == AddressFamily::Inet ? IpVersion::V4 : IpVersion::V6;
  packet.transport = Transport::Tcp;
  packet.source = {local.address};
  packet.source_port = local.port;
  packet.destination = {peer.address};
  packet.destination_port = peer.port;
  return key_of(packet);
}

}  // namespace wireseam
