// SPDX-License-Identifier: Apache-2.0
// Builds packets, from the inside out:
//
//   ethernet(kIpv4, ipv4({}, tcp({.seq = 1, .flags = kAck}, "abc")))
//
// Lengths and checksums are right unless they are set.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/raw_packet.h"
#include "inspector/decode/packet.h"

namespace wireseam::test {

inline constexpr uint16_t kIpv4 = 0x0800;
inline constexpr uint16_t kIpv6 = 0x86dd;
inline constexpr uint8_t kTcp = 6;
inline constexpr uint8_t kUdp = 17;
inline constexpr uint8_t kIpv6Fragment = 44;

inline constexpr uint32_t kLinkEthernet = 1;
inline constexpr uint32_t kLinkRaw = 101;
inline constexpr uint32_t kLinkCooked = 113;
inline constexpr uint32_t kLinkCookedV2 = 276;

// Big-endian.
std::string be16(unsigned value);
std::string be32(uint32_t value);

std::string ethernet(uint16_t type, std::string_view payload);
// What stands behind the type 0x8100: the tag of 802.1Q and the type that it covers.
std::string vlan(uint16_t id, uint16_t type, std::string_view payload);

// packet_type: 0 to us, 4 outgoing; hardware: 1 Ethernet, 772 loopback.
struct CookedFields {
  uint16_t packet_type = 0;
  uint16_t hardware = 1;
  uint16_t protocol = kIpv4;
  uint32_t interface = 1;  // the second version's alone
};
std::string cooked(const CookedFields& fields, std::string_view payload);
std::string cooked_v2(const CookedFields& fields, std::string_view payload);

struct Ipv4Fields {
  uint32_t source = 0x0a000001;  // 10.0.0.1
  uint32_t destination = 0x0a000002;
  uint8_t protocol = kTcp;
  uint8_t ttl = 64;
  uint16_t id = 1;
  uint16_t fragment_offset = 0;  // in bytes
  bool more_fragments = false;
  std::string options{};  // multiples of four bytes
  std::optional<uint16_t> total_length{};
  std::optional<uint8_t> header_words{};
};
std::string ipv4(const Ipv4Fields& fields, std::string_view payload);

struct Ipv6Fields {
  uint16_t source = 1;  // fd00::1
  uint16_t destination = 2;
  uint8_t next_header = kTcp;
  uint8_t hop_limit = 64;
  std::optional<uint16_t> payload_length{};
};
std::string ipv6(const Ipv6Fields& fields, std::string_view payload);

// An extension header of 8 bytes, and more where `content` is longer than 6.
std::string extension(uint8_t next_header, std::string_view payload, std::string content = "");

struct Ipv6FragmentFields {
  uint8_t next_header = kUdp;
  uint16_t offset = 0;
  bool more = false;
  uint32_t id = 1;
};
std::string ipv6_fragment(const Ipv6FragmentFields& fields, std::string_view payload);

struct TcpFields {
  uint16_t source_port = 40000;
  uint16_t destination_port = 80;
  uint32_t seq = 0;
  uint32_t ack = 0;
  uint16_t flags = kAck;
  uint16_t window = 1000;
  uint16_t urgent = 0;
  std::string options{};  // padded to multiples of four bytes
  std::optional<uint8_t> header_words{};
};
std::string tcp(const TcpFields& fields, std::string_view payload = "");

std::string mss_option(uint16_t mss);
std::string window_scale_option(uint8_t shift);
std::string sack_permitted_option();
std::string sack_option(std::span<const SackBlock> blocks);
std::string timestamps_option(uint32_t value, uint32_t echo);  // with two NOPs in front

struct UdpFields {
  uint16_t source_port = 40000;
  uint16_t destination_port = 53;
  std::optional<uint16_t> length{};
};
std::string udp(const UdpFields& fields, std::string_view payload = "");

// A view of `bytes`, which must remain live.
RawPacket raw_packet(std::string_view bytes, uint32_t link_type = kLinkEthernet);

std::string_view text_of(std::span<const std::byte> bytes);

}  // namespace wireseam::test
