// SPDX-License-Identifier: Apache-2.0
// IPv6: RFC 8200; jumbograms: RFC 2675; AH as an extension header: RFC 4302. Extension headers are
// passed over, all but the fragment header and the length of a jumbogram.
#include <optional>

#include "inspector/decode/layers.h"

namespace wireseam {
namespace {

constexpr uint32_t kHeaderSize = 40;
constexpr uint8_t kHopByHop = 0;
constexpr uint8_t kTcp = 6;
constexpr uint8_t kFragment = 44;
constexpr uint8_t kAuthentication = 51;
constexpr uint8_t kPadOne = 0;
constexpr uint8_t kJumboPayload = 0xc2;
constexpr uint32_t kLargestPayload = 65535;

bool is_extension(uint8_t header) {
  switch (header) {
    case kHopByHop:
    case 43:  // routing
    case kAuthentication:
    case 60:   // destination options
    case 135:  // mobility
    case 139:  // host identity
    case 140:
      return true;  // shim6
    default:
      return false;
  }
}

// Whose first two bytes these are.
uint32_t extension_size(uint8_t header, const Fields& fields) {
  return header == kAuthentication ? (fields.u8(1) + 2u) * 4 : (fields.u8(1) + 1u) * 8;
}

void read_header(const Fields& fields, Packet& packet) {
  packet.ip_version = IpVersion::V6;
  packet.ttl = fields.u8(7);
  packet.source.bytes = fields.load<std::array<uint8_t, 16>>(8);
  packet.destination.bytes = fields.load<std::array<uint8_t, 16>>(24);
}

// The jumbo payload option's value, from the hop-by-hop header that `fields` begins with.
std::optional<uint32_t> jumbo_payload(const Fields& fields) {
  const Fields header = fields.first(extension_size(kHopByHop, fields));
  for (size_t at = 2; at < header.size();) {
    if (header.u8(at) == kJumboPayload && at + 6 <= header.size()) return header.u32(at + 2);
    at += header.u8(at) == kPadOne ? 1 : 2u + header.u8(at + 1);
  }
  return std::nullopt;
}

// A payload length of zero. `descent` is behind the fixed header. Linux leaves the jumbo option out
// where the network card cuts a packet above 64 KiB.
Next follow_without_length(Descent& descent, uint8_t header) {
  if (header == kTcp) return follow_ipv6_header(descent, header);
  if (header != kHopByHop) {
    descent.limit(0);
    return follow_ipv6_header(descent, header);
  }
  if (!descent.has(8) || !descent.has(extension_size(header, descent.rest)))
    return descent.lacks(extension_size(header, descent.rest), "IPv6 extension header");
  const auto length = jumbo_payload(descent.rest);
  if (!length) return descent.malformed("IPv6 payload length");
  if (*length <= kLargestPayload || *length > descent.length)
    return descent.malformed("IPv6 jumbo payload length");
  descent.limit(*length);
  return follow_ipv6_header(descent, header);
}

Next decode_fragment(Descent& descent) {
  constexpr uint32_t kSize = 8;
  if (!descent.has(kSize)) return descent.lacks(kSize, "IPv6 fragment header");
  Packet& packet = descent.packet;
  if (packet.has_ip_id) return descent.malformed("IPv6 second fragment header");
  const Fields header = descent.rest;
  descent.skip(kSize);
  packet.has_ip_id = true;
  packet.ip_id = static_cast<uint16_t>(header.u32(4));
  descent.fragment = {.id = header.u32(4),
                      .offset = header.u16(2) & 0xfff8u,
                      .more = (header.u16(2) & 1) != 0,
                      .protocol = header.u8(0)};
  const bool is_whole = descent.fragment.offset == 0 && !descent.fragment.more;  // RFC 6946
  return is_whole ? follow_ipv6_header(descent, descent.fragment.protocol) : Next::Fragment;
}

}  // namespace

Next decode_ipv6(Descent& descent) {
  if (!descent.has(kHeaderSize)) return descent.lacks(kHeaderSize, "IPv6 header");
  const Fields header = descent.rest;
  if (header.u8(0) >> 4 != 6) return descent.malformed("IPv6 version");
  read_header(header, descent.packet);
  const uint32_t length = header.u16(4);
  descent.skip(kHeaderSize);
  if (length == 0) return follow_without_length(descent, header.u8(6));
  descent.limit(length);
  return follow_ipv6_header(descent, header.u8(6));
}

Next follow_ipv6_header(Descent& descent, uint8_t header) {
  while (is_extension(header)) {
    if (!descent.has(8)) return descent.lacks(8, "IPv6 extension header");
    const Fields extension = descent.rest;
    const uint32_t size = extension_size(header, extension);
    if (!descent.has(size)) return descent.lacks(size, "IPv6 extension header");
    descent.skip(size);
    header = extension.u8(0);
  }
  return header == kFragment ? decode_fragment(descent) : follow_ip_protocol(descent, header);
}

}  // namespace wireseam
