// SPDX-License-Identifier: Apache-2.0
// What both directions of a connection have in common: the full tuple with its ends in one order,
// never a hash of it.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#include "inspector/decode/packet.h"

namespace wireseam {

struct FlowEnd {
  IpAddress address;
  uint16_t port = 0;

  auto operator<=>(const FlowEnd&) const = default;
};

// Which end of a key sent a packet.
enum class Side : uint8_t { A, B };

inline Side other(Side side) { return side == Side::A ? Side::B : Side::A; }

struct FlowKey {
  FlowEnd a;  // a <= b
  FlowEnd b;
  IpVersion version = IpVersion::None;
  Transport transport = Transport::None;

  bool operator==(const FlowKey&) const = default;

  template <typename Hash>
  friend Hash AbslHashValue(Hash hash, const FlowKey& key) {
    std::array<uint64_t, 5> words{};
    std::memcpy(words.data(), key.a.address.bytes.data(), 16);
    std::memcpy(&words[2], key.b.address.bytes.data(), 16);
    words[4] = (uint64_t{key.a.port} << 32) | (uint64_t{key.b.port} << 16) |
               (static_cast<uint64_t>(key.version) << 8) | static_cast<uint64_t>(key.transport);
    return Hash::combine(std::move(hash), words);
  }
};

struct FlowKeyAndSide {
  FlowKey key;
  Side sender = Side::A;
};

inline FlowKeyAndSide key_of(const Packet& packet) {
  FlowEnd from{packet.source, packet.source_port};
  FlowEnd to{packet.destination, packet.destination_port};
  if (to < from) return {{to, from, packet.ip_version, packet.transport}, Side::B};
  return {{from, to, packet.ip_version, packet.transport}, Side::A};
}

}  // namespace wireseam
