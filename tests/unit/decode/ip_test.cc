// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/catch2.h"
#include "tests/unit/decode/decoding.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

std::string outcome_of(const std::string& bytes, uint32_t link_type = kLinkRaw) {
  Decoding decoding;
  return outcome(decoding.decode(bytes, link_type));
}

std::string jumbo_option(uint32_t length) { return "\xc2\x04" + be32(length); }

}  // namespace

TEST_CASE("the fields of an IPv4 header are read, behind options too") {
  Decoding decoding;
  const Packet& packet = decoding.decode(
      ipv4({.source = 0x01020304, .ttl = 63, .id = 777, .options = "\x94\x04\x01\x01"},
           tcp({}, "hi")),
      kLinkRaw);
  REQUIRE(outcome(packet) == "Whole");
  CHECK(packet.ip_version == IpVersion::V4);
  CHECK(packet.source == IpAddress{{1, 2, 3, 4}});
  CHECK(packet.destination == IpAddress{{10, 0, 0, 2}});
  CHECK(packet.ttl == 63);
  CHECK(packet.has_ip_id);
  CHECK(packet.ip_id == 777);
  CHECK(text_of(packet.payload) == "hi");
}

TEST_CASE("the fields of an IPv6 header are read, and it has no ID") {
  Decoding decoding;
  const Packet& packet = decoding.decode(ipv6({.hop_limit = 5}, tcp({}, "hi")), kLinkRaw);
  REQUIRE(outcome(packet) == "Whole");
  CHECK(packet.ip_version == IpVersion::V6);
  CHECK(packet.source.bytes[0] == 0xfd);
  CHECK(packet.source.bytes[15] == 1);
  CHECK(packet.destination.bytes[15] == 2);
  CHECK(packet.ttl == 5);
  CHECK_FALSE(packet.has_ip_id);
  CHECK(text_of(packet.payload) == "hi");
}

TEST_CASE("what is behind the IP packet is the link's padding") {
  Decoding decoding;
  const std::string padding(6, '\0');
  CHECK(decoding.decode(ethernet(kIpv4, ipv4({}, tcp({})) + padding)).payload_length == 0);
  CHECK(decoding.decode(ethernet(kIpv6, ipv6({}, tcp({})) + padding)).payload_length == 0);
}

TEST_CASE("a length of zero, of an offloaded packet, is the length on the wire") {
  Decoding decoding;
  const std::string data(70000, 'x');
  CHECK(decoding.decode(ipv4({.total_length = 0}, tcp({}, data)), kLinkRaw).payload_length ==
        data.size());
  CHECK(decoding.decode(ipv6({.payload_length = 0}, tcp({}, data)), kLinkRaw).payload_length ==
        data.size());
}

TEST_CASE("a jumbogram's length is in its hop-by-hop header") {
  Decoding decoding;
  const std::string data(70000, 'x');
  const auto length = static_cast<uint32_t>(data.size() + 20 + 8);
  const auto jumbogram = [&](uint32_t said) {
    return ipv6({.next_header = 0, .payload_length = 0},
                extension(kTcp, tcp({}, data), jumbo_option(said)));
  };
  CHECK(decoding.decode(jumbogram(length) + "padding", kLinkRaw).payload_length == data.size());
  CHECK(outcome_of(jumbogram(65535)) == "Malformed IPv6 jumbo payload length at 40");
  CHECK(outcome_of(jumbogram(length + 1)) == "Malformed IPv6 jumbo payload length at 40");
}

TEST_CASE("extension headers are passed over, however many") {
  std::string bytes = tcp({}, "hi");
  uint8_t header = kTcp;
  for (const int next : {60, 43, 135, 139, 140, 0}) {
    bytes = extension(header, bytes, "content of any length");
    header = static_cast<uint8_t>(next);
  }
  Decoding decoding;
  const Packet& packet = decoding.decode(ipv6({.next_header = header}, bytes), kLinkRaw);
  REQUIRE(outcome(packet) == "Whole");
  CHECK(text_of(packet.payload) == "hi");
}

TEST_CASE("an authentication header, whose length counts otherwise, is passed over") {
  const std::string authentication = std::string("\x06\x04\0\0", 4) + std::string(20, 'a');
  CHECK(outcome_of(ipv6({.next_header = 51}, authentication + tcp({}))) == "Whole");
}

TEST_CASE("a length beyond the end of the packet is that of one which was cut before the capture") {
  Decoding decoding;
  const std::string whole = tcp({}, "hello");
  const Packet& cut = decoding.decode(ipv4({.total_length = 48}, whole), kLinkRaw);
  CHECK(outcome(cut) == "Whole");
  CHECK(cut.payload_length == 8);
  CHECK(cut.beyond_wire == 3);
  CHECK(text_of(cut.payload) == "hello");
  const Packet& cut6 = decoding.decode(ipv6({.payload_length = 30}, whole), kLinkRaw);
  CHECK(outcome(cut6) == "Whole");
  CHECK(cut6.payload_length == 10);
  CHECK(cut6.beyond_wire == 5);
  CHECK(decoding.decode(ipv4({}, whole), kLinkRaw).beyond_wire == 0);
  CHECK(outcome_of(ipv4({.total_length = 40}, whole.substr(0, 10))) ==
        "Truncated TCP header at 20");
  CHECK(outcome_of(ipv4({.more_fragments = true, .total_length = 40}, "12345678")) ==
        "Truncated fragment at 20");
}

TEST_CASE("IP headers that contradict themselves are malformed") {
  CHECK(outcome_of(ipv4({.header_words = 4}, tcp({}))) == "Malformed IPv4 header length at 0");
  CHECK(outcome_of(ipv4({.total_length = 19}, tcp({}))) == "Malformed IPv4 total length at 2");
  CHECK(outcome_of(ipv4({.total_length = 20, .header_words = 6}, tcp({}))) ==
        "Malformed IPv4 total length at 2");
  CHECK(outcome_of(ipv6({.next_header = 0, .payload_length = 0}, extension(kTcp, tcp({})))) ==
        "Malformed IPv6 payload length at 40");
  CHECK(outcome_of(ipv6({.next_header = 60}, "\x06\x09......")) ==
        "Malformed IPv6 extension header at 40");
}

TEST_CASE("a UDP header that contradicts its datagram is malformed") {
  const auto datagram = [](uint16_t length) {
    return ipv4({.protocol = kUdp}, udp({.length = length}, "hello"));
  };
  CHECK(outcome_of(datagram(7)) == "Malformed UDP length at 24");
  CHECK(outcome_of(datagram(14)) == "Malformed UDP length at 24");
  CHECK(outcome_of(datagram(13)) == "Whole");
}

TEST_CASE("a UDP datagram ends where its header says, or with the packet where it says nothing") {
  Decoding decoding;
  const auto payload = [&](uint16_t length) {
    return std::string(text_of(
        decoding.decode(ipv4({.protocol = kUdp}, udp({.length = length}, "hello")), kLinkRaw)
            .payload));
  };
  CHECK(payload(10) == "he");
  CHECK(payload(0) == "hello");
}
