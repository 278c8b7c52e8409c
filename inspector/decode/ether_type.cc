// SPDX-License-Identifier: Apache-2.0
// What follows an Ethernet header: VLAN tags (IEEE 802.1Q, 802.1ad) are noted, the innermost two of
// them, IP is followed, everything else has a name (IANA's "IEEE 802 Numbers").
#include "inspector/decode/layers.h"

namespace wireseam {
namespace {

constexpr uint16_t kSmallestType = 0x600;  // below it the field is IEEE 802.3's length

bool is_vlan_tag(uint16_t type) { return type == 0x8100 || type == 0x88a8 || type == 0x9100; }

const char* name_of(uint16_t type) {
  switch (type) {
    case 0x0806:
      return "ARP";
    case 0x6558:
      return "Ethernet in GRE";
    case 0x8035:
      return "RARP";
    case 0x8137:
      return "IPX";
    case 0x8808:
      return "Ethernet flow control";
    case 0x8809:
      return "Ethernet slow protocols";
    case 0x8847:
    case 0x8848:
      return "MPLS";
    case 0x8863:
      return "PPPoE discovery";
    case 0x8864:
      return "PPPoE session";
    case 0x888e:
      return "EAPOL";
    case 0x88cc:
      return "LLDP";
    case 0x88e5:
      return "MACsec";
    case 0x88f7:
      return "PTP";
    default:
      return nullptr;
  }
}

}  // namespace

Next follow_ether_type(Descent& descent, uint16_t type) {
  constexpr uint32_t kTagSize = 4;
  while (is_vlan_tag(type)) {
    if (!descent.has(kTagSize)) return descent.lacks(kTagSize, "VLAN tag");
    // An identifier of 0 is a priority without a VLAN.
    const uint32_t id = descent.rest.u16(0) & 0xfffu;
    if (id != 0) descent.packet.vlan = (descent.packet.vlan << 12 | id) & 0xffffff;
    type = descent.rest.u16(2);
    descent.skip(kTagSize);
  }
  if (type == 0x0800) return Next::Ipv4;
  if (type == 0x86dd) return Next::Ipv6;
  if (type < kSmallestType) return descent.other("LLC");
  const char* name = name_of(type);
  return name != nullptr ? descent.other(name) : descent.other("EtherType", type);
}

}  // namespace wireseam
