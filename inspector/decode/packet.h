// SPDX-License-Identifier: Apache-2.0
// A packet, decoded down to its transport header. A plain value but for `payload`, which points
// into the captured bytes or into the reassembled datagram, and is live until the decoder's next
// packet.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>

namespace wireseam {

enum class IpVersion : uint8_t { None, V4, V6 };
enum class Transport : uint8_t { None, Tcp, Udp };

struct IpAddress {
  std::array<uint8_t, 16> bytes{};  // network byte order; IPv4 fills the first four

  auto operator<=>(const IpAddress&) const = default;
};

// RFC 9293 section 3.1, RFC 3168: the bits of the header's 13th and 14th byte.
enum TcpFlag : uint16_t {
  kFin = 0x01,
  kSyn = 0x02,
  kRst = 0x04,
  kPsh = 0x08,
  kAck = 0x10,
  kUrg = 0x20,
  kEce = 0x40,
  kCwr = 0x80,
  kAe = 0x100,
};

// RFC 2018: sequence numbers, the end not included.
struct SackBlock {
  uint32_t begin = 0;
  uint32_t end = 0;
};

// What the options of one segment say; absent ones have their flag false or a value that none has.
struct TcpOptions {
  uint16_t mss = 0;  // 0: no such option
  bool has_window_scale = false;
  uint8_t window_scale = 0;  // the shift as sent; RFC 7323 allows 14 at most
  bool sack_permitted = false;
  bool has_timestamps = false;
  uint8_t sack_count = 0;
  uint32_t ts_value = 0;
  uint32_t ts_echo = 0;
  std::array<SackBlock, 4> sacks{};
  bool fast_open_cookie = false;  // RFC 7413; not where one is only asked for
  bool cut = false;               // the capture cut some off: of what is absent above nobody knows
};

struct TcpHeader {
  uint32_t seq = 0;
  uint32_t ack = 0;
  uint16_t flags = 0;   // TcpFlag
  uint16_t window = 0;  // as sent, not scaled
  uint16_t urgent = 0;
  TcpOptions options;

  bool has(uint16_t flag) const { return (flags & flag) != 0; }
};

// How far a packet could be decoded.
enum class DecodeVerdict : uint8_t {
  Whole,      // down to TCP or UDP
  Other,      // well-formed as far as it is known, but nothing that is followed: `reason` names it
  Fragment,   // of a datagram that is not complete yet
  Truncated,  // the capture cut it inside a header
  Malformed,  // its own lengths or fields contradict each other
};

struct Packet {
  uint64_t number = 0;   // RawPacket's
  uint64_t time_ns = 0;  // RawPacket's
  DecodeVerdict verdict = DecodeVerdict::Other;
  // Where it is not Whole: the name it is counted by ("ARP", "TCP data offset"), and the offset in
  // the packet at which that was found. A literal. A whole one may have "TCP option", which is
  // broken but does not keep the segment from counting.
  const char* reason = "";
  uint32_t reason_offset = 0;
  uint32_t reason_number = 0;  // which one, where `reason` is only its kind: "EtherType"

  bool to_many = false;  // its link header says broadcast or multicast
  uint32_t vlan = 0;     // VLAN identifiers of 12 bits each, the inner one lowest; 0: none
  IpVersion ip_version = IpVersion::None;
  bool has_ip_id = false;    // IPv4, or IPv6 with a fragment header
  bool reassembled = false;  // of several fragments; this is the last one
  uint8_t ttl = 0;           // hop limit
  uint16_t ip_id = 0;
  IpAddress source;
  IpAddress destination;

  Transport transport = Transport::None;
  uint16_t source_port = 0;
  uint16_t destination_port = 0;
  TcpHeader tcp;

  uint32_t payload_length = 0;  // on the wire, by the IP header; `payload` may have fewer
  // Of these, how many its capture has as if they had not been on the wire: it was cut before.
  uint32_t beyond_wire = 0;
  std::span<const std::byte> payload;
};

}  // namespace wireseam
