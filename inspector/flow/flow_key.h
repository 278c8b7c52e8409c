// SPDX-License-Identifier: Apache-2.0
// What both directions of a connection have in common: the full tuple with its ends in one order,
// never a hash of it.
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

// An address as numbers: compared faster than its bytes, in some order that is always the same.
using AddressWords = std::array<uint64_t, 2>;

inline AddressWords words_of(const IpAddress& address) {
  return std::bit_cast<AddressWords>(address.bytes);
}

struct FlowKey {
  FlowEnd a;  // the lower one
  FlowEnd b;
  IpVersion version = IpVersion::None;
  Transport transport = Transport::None;

  bool operator==(const FlowKey& other) const {
    return ports() == other.ports() && words_of(a.address) == words_of(other.a.address) &&
           words_of(b.address) == words_of(other.b.address);
  }

  template <typename Hash>
  friend Hash AbslHashValue(Hash hash, const FlowKey& key) {
    const AddressWords from = words_of(key.a.address);
    const AddressWords to = words_of(key.b.address);
    return Hash::combine(std::move(hash), from[0], from[1], to[0], to[1], key.ports());
  }

 private:
  uint64_t ports() const {
    return (uint64_t{a.port} << 32) | (uint64_t{b.port} << 16) |
           (static_cast<uint64_t>(version) << 8) | static_cast<uint64_t>(transport);
  }
};

struct FlowKeyAndSide {
  FlowKey key;
  Side sender = Side::A;
};

inline FlowKeyAndSide key_of(const Packet& packet) {
  const AddressWords source = words_of(packet.source);
  const AddressWords destination = words_of(packet.destination);
  const bool swapped =
      source != destination ? destination < source : packet.destination_port < packet.source_port;
  FlowKeyAndSide flow;
  FlowEnd& from = swapped ? flow.key.b : flow.key.a;
  FlowEnd& to = swapped ? flow.key.a : flow.key.b;
  from.address.bytes = std::bit_cast<decltype(from.address.bytes)>(source);
  to.address.bytes = std::bit_cast<decltype(to.address.bytes)>(destination);
  from.port = packet.source_port;
  to.port = packet.destination_port;
  flow.key.version = packet.ip_version;
  flow.key.transport = packet.transport;
  flow.sender = swapped ? Side::B : Side::A;
  return flow;
}

}  // namespace wireseam
