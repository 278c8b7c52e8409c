// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/catch2.h"
#include "tests/unit/decode/decoding.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

const std::string kDatagram = ipv4({.protocol = kUdp}, udp({}, "hi"));
const std::string kDatagram6 = ipv6({.next_header = kUdp}, udp({}, "hi"));

std::string payload_of(const std::string& bytes, uint32_t link_type) {
  Decoding decoding;
  const Packet& packet = decoding.decode(bytes, link_type);
  return outcome(packet) + " " + std::string(text_of(packet.payload));
}

}  // namespace

TEST_CASE("every link type leads to the datagram") {
  CHECK(payload_of(ethernet(kIpv4, kDatagram), kLinkEthernet) == "Whole hi");
  CHECK(payload_of(ethernet(kIpv6, kDatagram6), kLinkEthernet) == "Whole hi");
  CHECK(payload_of(cooked({}, kDatagram), kLinkCooked) == "Whole hi");
  CHECK(payload_of(cooked_v2({}, kDatagram), kLinkCookedV2) == "Whole hi");
  for (const uint32_t raw : {12u, 14u, kLinkRaw}) {
    CHECK(payload_of(kDatagram, raw) == "Whole hi");
    CHECK(payload_of(kDatagram6, raw) == "Whole hi");
  }
  CHECK(payload_of(kDatagram, 228) == "Whole hi");
  CHECK(payload_of(kDatagram6, 229) == "Whole hi");
  CHECK(payload_of(be32(2) + kDatagram, 108) == "Whole hi");
}

TEST_CASE("the loopback header's family is known in both byte orders and of every system") {
  CHECK(payload_of(be32(2) + kDatagram, 0) == "Whole hi");
  CHECK(payload_of(std::string("\x02\0\0\0", 4) + kDatagram, 0) == "Whole hi");
  for (const uint32_t family : {10u, 24u, 28u, 30u})
    CHECK(payload_of(be32(family) + kDatagram6, 0) == "Whole hi");
  CHECK(payload_of(be32(7) + kDatagram, 0) == "Other address family 7 at 4 ");
}

TEST_CASE("VLAN tags are passed through, several of them too") {
  const std::string tagged = vlan(5, kIpv4, kDatagram);
  CHECK(payload_of(ethernet(0x8100, tagged), kLinkEthernet) == "Whole hi");
  CHECK(payload_of(ethernet(0x88a8, vlan(7, 0x8100, tagged)), kLinkEthernet) == "Whole hi");
  CHECK(payload_of(cooked({.protocol = 0x8100}, tagged), kLinkCooked) == "Whole hi");
}

TEST_CASE("of a packet on loopback the device any's outgoing copy does not count") {
  const CookedFields outgoing{.packet_type = 4, .hardware = 772};
  const std::string expected = "Other outgoing copy on loopback at 0 ";
  CHECK(payload_of(cooked(outgoing, kDatagram), kLinkCooked) == expected);
  CHECK(payload_of(cooked_v2(outgoing, kDatagram), kLinkCookedV2) == expected);
  CHECK(payload_of(cooked({.packet_type = 0, .hardware = 772}, kDatagram), kLinkCooked) ==
        "Whole hi");
  CHECK(payload_of(cooked({.packet_type = 4, .hardware = 1}, kDatagram), kLinkCooked) ==
        "Whole hi");
}

TEST_CASE("what is not followed is named") {
  CHECK(payload_of(ethernet(0x0806, "..."), kLinkEthernet) == "Other ARP at 14 ");
  CHECK(payload_of(ethernet(0x88cc, "..."), kLinkEthernet) == "Other LLDP at 14 ");
  CHECK(payload_of(ethernet(0x88b5, "..."), kLinkEthernet) == "Other EtherType 0x88b5 at 14 ");
  CHECK(payload_of(ethernet(38, "..."), kLinkEthernet) == "Other LLC at 14 ");
  CHECK(payload_of(ethernet(0x6558, "..."), kLinkEthernet) == "Other Ethernet in GRE at 14 ");
  CHECK(payload_of("...", 105) == "Other IEEE 802.11 at 0 ");
  CHECK(payload_of("...", 9) == "Other PPP at 0 ");
  CHECK(payload_of(cooked({.hardware = 803, .protocol = 0x19}, "..."), kLinkCooked) ==
        "Other IEEE 802.11 at 0 ");
  CHECK(payload_of(cooked_v2({.hardware = 280, .protocol = 12}, "..."), kLinkCookedV2) ==
        "Other CAN at 0 ");
  CHECK(payload_of("...", 147) == "Other link type 147 at 0 ");
  CHECK(payload_of(ipv4({.protocol = 1}, "..."), kLinkRaw) == "Other ICMP at 20 ");
  CHECK(payload_of(ipv4({.protocol = 132}, "..."), kLinkRaw) == "Other SCTP at 20 ");
  CHECK(payload_of(ipv4({.protocol = 253}, "..."), kLinkRaw) == "Other IP protocol 253 at 20 ");
  CHECK(payload_of(ipv6({.next_header = 59}, "..."), kLinkRaw) ==
        "Other IPv6 no next header at 40 ");
}

TEST_CASE("an IP version that none is, is malformed") {
  CHECK(payload_of("\x50...", kLinkRaw) == "Malformed IP version at 0 ");
  CHECK(payload_of(ethernet(kIpv6, kDatagram + std::string(40, ' ')), kLinkEthernet) ==
        "Malformed IPv6 version at 14 ");
  CHECK(payload_of(ethernet(kIpv4, kDatagram6), kLinkEthernet) == "Malformed IPv4 version at 14 ");
}

TEST_CASE("a frame too short for its own header is malformed, a cut one truncated") {
  CHECK(payload_of("...", kLinkEthernet) == "Malformed Ethernet header at 0 ");
  Decoding decoding;
  CHECK(outcome(decoding.decode_cut(ethernet(kIpv4, kDatagram), 13)) ==
        "Truncated Ethernet header at 0");
  CHECK(outcome(decoding.decode_cut(ethernet(kIpv4, kDatagram), 33)) ==
        "Truncated IPv4 header at 14");
  CHECK(outcome(decoding.decode_cut(ethernet(kIpv4, kDatagram), 41)) ==
        "Truncated UDP header at 34");
}
