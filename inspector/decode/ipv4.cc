// SPDX-License-Identifier: Apache-2.0
// IPv4: RFC 791. Options are passed over. A receiver drops what is malformed here, so none of it
// can be part of a connection; but a length beyond the packet's end is that of a packet which was
// cut, and what is left of it counts.
#include <array>
#include <bit>

#include "inspector/decode/layers.h"

namespace wireseam {
namespace {

constexpr uint32_t kMinimumSize = 20;
constexpr uint16_t kMoreFragments = 0x2000;
constexpr uint16_t kOffsetMask = 0x1fff;

// Written at once, since it is soon read at once.
IpAddress address(const Fields& fields, size_t at) {
  const std::array<uint32_t, 4> words{fields.load<uint32_t>(at), 0, 0, 0};
  return {std::bit_cast<decltype(IpAddress::bytes)>(words)};
}

void read_header(const Fields& fields, Packet& packet) {
  packet.ip_version = IpVersion::V4;
  packet.has_ip_id = true;
  packet.ip_id = fields.u16(4);
  packet.ttl = fields.u8(8);
  packet.source = address(fields, 12);
  packet.destination = address(fields, 16);
}

}  // namespace

Next decode_ipv4(Descent& descent) {
  if (!descent.has(kMinimumSize)) return descent.lacks(kMinimumSize, "IPv4 header");
  const Fields header = descent.rest;
  const uint32_t size = (header.u8(0) & 0x0fu) * 4;
  if (header.u8(0) >> 4 != 4) return descent.malformed("IPv4 version");
  if (size < kMinimumSize) return descent.malformed("IPv4 header length");
  read_header(header, descent.packet);

  // Zero: of a packet above 64 KiB, or one that the network card will cut (Linux, BIG TCP).
  const uint32_t total = header.u16(2) == 0 ? descent.length : header.u16(2);
  if (total < size) return descent.malformed("IPv4 total length", 2);
  descent.limit(total);
  if (!descent.has(size)) return descent.lacks(size, "IPv4 options");
  descent.skip(size);

  const uint8_t protocol = header.u8(9);
  const uint16_t place = header.u16(6);
  if ((place & (kMoreFragments | kOffsetMask)) == 0) return follow_ip_protocol(descent, protocol);
  descent.fragment = {.id = header.u16(4),
                      .offset = (place & kOffsetMask) * 8u,
                      .more = (place & kMoreFragments) != 0,
                      .protocol = protocol};
  return Next::Fragment;
}

}  // namespace wireseam
