// SPDX-License-Identifier: Apache-2.0
// Link layers: www.tcpdump.org/linktypes.html, and the pages LINKTYPE_LINUX_SLL and
// LINKTYPE_LINUX_SLL2 there; if_arp.h and if_packet.h of Linux for their numbers.
#include "inspector/decode/layers.h"

namespace wireseam {
namespace {

constexpr uint16_t kArphrdLoopback = 772;
constexpr uint16_t kArphrdCan = 280;
constexpr uint16_t kArphrdWireless = 801;
constexpr uint16_t kArphrdRadiotap = 803;
constexpr uint16_t kArphrdNetlink = 824;
constexpr uint16_t kPacketBroadcast = 1;
constexpr uint16_t kPacketMulticast = 2;
constexpr uint16_t kPacketOutgoing = 4;

// What is known by name, although it is not followed.
const char* name_of(uint32_t link_type) {
  switch (link_type) {
    case 9:
    case 50:
      return "PPP";
    case 51:
      return "PPPoE session";
    case 105:
    case 119:
    case 127:
    case 163:
    case 192:
      return "IEEE 802.11";
    case 187:
    case 201:
      return "Bluetooth";
    case 189:
    case 220:
    case 249:
      return "USB";
    case 195:
    case 230:
      return "IEEE 802.15.4";
    case 227:
      return "CAN";
    case 239:
      return "NFLOG";
    case 253:
      return "netlink";
    default:
      return nullptr;
  }
}

// Linux's kinds of hardware whose packets have no EtherType.
const char* name_of_hardware(uint16_t hardware) {
  if (hardware >= kArphrdWireless && hardware <= kArphrdRadiotap) return "IEEE 802.11";
  switch (hardware) {
    case kArphrdCan:
      return "CAN";
    case kArphrdNetlink:
      return "netlink";
    default:
      return nullptr;
  }
}

Next decode_ethernet(Descent& descent) {
  constexpr uint32_t kSize = 14;
  if (!descent.has(kSize)) return descent.lacks(kSize, "Ethernet header");
  const uint16_t type = descent.rest.u16(12);
  descent.packet.to_many = (descent.rest.u8(0) & 1) != 0;
  descent.skip(kSize);
  return follow_ether_type(descent, type);
}

struct CookedHeader {
  uint32_t size;
  uint16_t packet_type;
  uint16_t hardware;
  uint16_t protocol;
};

// The device `any` sees a packet on a loopback interface twice, going out and coming in: one of
// them must not count.
Next follow_cooked(Descent& descent, const CookedHeader& header) {
  if (header.hardware == kArphrdLoopback && header.packet_type == kPacketOutgoing)
    return descent.other("outgoing copy on loopback");
  if (const char* name = name_of_hardware(header.hardware)) return descent.other(name);
  descent.packet.to_many =
      header.packet_type == kPacketBroadcast || header.packet_type == kPacketMulticast;
  descent.skip(header.size);
  return follow_ether_type(descent, header.protocol);
}

Next decode_cooked(Descent& descent) {
  constexpr uint32_t kSize = 16;
  if (!descent.has(kSize)) return descent.lacks(kSize, "Linux cooked header");
  const Fields& fields = descent.rest;
  return follow_cooked(descent, {kSize, fields.u16(0), fields.u16(2), fields.u16(14)});
}

Next decode_cooked_v2(Descent& descent) {
  constexpr uint32_t kSize = 20;
  if (!descent.has(kSize)) return descent.lacks(kSize, "Linux cooked header");
  const Fields& fields = descent.rest;
  return follow_cooked(descent, {kSize, fields.u8(10), fields.u16(8), fields.u16(0)});
}

Next decode_raw_ip(Descent& descent) {
  if (!descent.has(1)) return descent.lacks(1, "IP header");
  switch (descent.rest.u8(0) >> 4) {
    case 4:
      return Next::Ipv4;
    case 6:
      return Next::Ipv6;
    default:
      return descent.malformed("IP version");
  }
}

Next follow_family(Descent& descent, uint32_t family) {
  switch (family) {
    case 2:
      return Next::Ipv4;
    case 10:  // AF_INET6 of Linux, NetBSD and OpenBSD, FreeBSD, macOS
    case 24:
    case 28:
    case 30:
      return Next::Ipv6;
    default:
      return descent.other("address family", family);
  }
}

// The family is in the byte order of the machine that captured, which the file does not tell;
// every family fits into 16 bits.
Next decode_null(Descent& descent) {
  constexpr uint32_t kSize = 4;
  if (!descent.has(kSize)) return descent.lacks(kSize, "loopback header");
  const uint32_t family = descent.rest.u32(0);
  descent.skip(kSize);
  return follow_family(descent, family <= 0xffff ? family : __builtin_bswap32(family));
}

}  // namespace

Next decode_link(Descent& descent, uint32_t link_type) {
  switch (link_type) {
    case 1:
      return decode_ethernet(descent);
    case 113:
      return decode_cooked(descent);
    case 276:
      return decode_cooked_v2(descent);
    case 12:  // DLT_RAW, which differs between systems, and LINKTYPE_RAW
    case 14:
    case 101:
      return decode_raw_ip(descent);
    case 228:
      return Next::Ipv4;
    case 229:
      return Next::Ipv6;
    case 0:  // LINKTYPE_NULL, and LINKTYPE_LOOP: always big-endian
    case 108:
      return decode_null(descent);
    default:
      if (const char* name = name_of(link_type)) return descent.other(name);
      return descent.other("link type", link_type);
  }
}

}  // namespace wireseam
