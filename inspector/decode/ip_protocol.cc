// SPDX-License-Identifier: Apache-2.0
// What follows an IP header: TCP and UDP are followed, everything else has a name (IANA's
// "Protocol Numbers").
#include "inspector/decode/layers.h"

namespace wireseam {
namespace {

const char* name_of(uint8_t protocol) {
  switch (protocol) {
    case 1:
      return "ICMP";
    case 2:
      return "IGMP";
    case 4:
      return "IPv4 in IP";
    case 33:
      return "DCCP";
    case 41:
      return "IPv6 in IP";
    case 46:
      return "RSVP";
    case 47:
      return "GRE";
    case 50:
      return "ESP";
    case 51:
      return "AH";
    case 58:
      return "ICMPv6";
    case 59:
      return "IPv6 no next header";
    case 88:
      return "EIGRP";
    case 89:
      return "OSPF";
    case 103:
      return "PIM";
    case 112:
      return "VRRP";
    case 115:
      return "L2TP";
    case 132:
      return "SCTP";
    case 136:
      return "UDP-Lite";
    default:
      return nullptr;
  }
}

}  // namespace

Next follow_ip_protocol(Descent& descent, uint8_t protocol) {
  if (protocol == 6) return Next::Tcp;
  if (protocol == 17) return Next::Udp;
  const char* name = name_of(protocol);
  return name != nullptr ? descent.other(name) : descent.other("IP protocol", protocol);
}

}  // namespace wireseam
