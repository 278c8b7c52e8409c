// SPDX-License-Identifier: Apache-2.0
// What both directions of a connection have in common: the full tuple with its ends in one order,
// never a hash of it. The same addresses in two VLANs are two hosts.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <utility>

#include "inspector/decode/packet.h"

namespace wireseam {

struct FlowEnd {
  IpAddress address;
  uint16_t port = 0;

  bool operator==(const FlowEnd&) const = default;
};

// Which end of a key sent a packet.
enum class Side : uint8_t { A, B };

inline Side other(Side side) { return side == Side::A ? Side::B : Side::A; }

// An address as two numbers: compared faster than its bytes, in some order that never changes.
struct AddressWords {
  uint64_t first = 0;
  uint64_t second = 0;

  auto operator<=>(const AddressWords&) const = default;
};

inline AddressWords words_of(const IpAddress& address) {
  return std::bit_cast<AddressWords>(address.bytes);
}

// Made for each packet, so it is numbers all through.
struct FlowKey {
  AddressWords address_a;  // the lower one
  AddressWords address_b;
  uint16_t port_a = 0;
  uint16_t port_b = 0;
  IpVersion version = IpVersion::None;
  Transport transport = Transport::None;
  uint32_t vlan = 0;  // as Packet has it

  bool operator==(const FlowKey&) const = default;

  FlowEnd end(Side side) const {
    const bool is_a = side == Side::A;
    return {{std::bit_cast<decltype(IpAddress::bytes)>(is_a ? address_a : address_b)},
            is_a ? port_a : port_b};
  }

  template <typename Hash>
  friend Hash AbslHashValue(Hash hash, const FlowKey& key) {
    const uint64_t rest = (uint64_t{key.port_a} << 32) | (uint64_t{key.port_b} << 16) |
                          (static_cast<uint64_t>(key.version) << 8) |
                          (static_cast<uint64_t>(key.transport) ^ (uint64_t{key.vlan} << 40));
    // Of an IPv4 address there are but 32 bits, at one end of the first word.
    if (key.version == IpVersion::V4)
      return Hash::combine(std::move(hash),
                           key.address_a.first ^ std::rotl(key.address_b.first, 32), rest);
    return Hash::combine(std::move(hash), key.address_a.first, key.address_a.second,
                         key.address_b.first, key.address_b.second, rest);
  }
};

struct FlowKeyAndSide {
  FlowKey key;
  Side sender = Side::A;
};

inline FlowKeyAndSide key_of(const Packet& packet) {
  const AddressWords source = words_of(packet.source);
  const AddressWords destination = words_of(packet.destination);
  const bool sent_by_b =
      source != destination ? destination < source : packet.destination_port < packet.source_port;
  if (sent_by_b)
    return {{destination, source, packet.destination_port, packet.source_port, packet.ip_version,
             packet.transport, packet.vlan},
            Side::B};
  return {{source, destination, packet.source_port, packet.destination_port, packet.ip_version,
           packet.transport, packet.vlan},
          Side::A};
}

}  // namespace wireseam
