// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/catch2.h"
#include "tests/unit/decode/decoding.h"

using namespace wireseam;
using namespace wireseam::test;

TEST_CASE("what was decoded is counted by how far, and the rest by name") {
  Decoding decoding;
  for (int i = 0; i < 3; ++i) decoding.decode(ethernet(0x0806, "..."));
  decoding.decode(ethernet(0x88b5, "..."));
  decoding.decode(ethernet(kIpv4, ipv4({}, tcp({}))));
  decoding.decode("...");
  const DecodeCounts& counts = decoding.decoder().counts();
  CHECK(counts.packets() == 6);
  CHECK(counts.packets(DecodeVerdict::Whole) == 1);
  CHECK(counts.packets(DecodeVerdict::Other) == 4);
  CHECK(counts.by_reason() ==
        std::vector<DecodeCount>{{DecodeVerdict::Other, "ARP", 3},
                                 {DecodeVerdict::Other, "EtherType 0x88b5", 1},
                                 {DecodeVerdict::Malformed, "Ethernet header", 1}});
}

TEST_CASE("a packet that told of another is none that was not followed") {
  DecodeCounts counts;
  Packet packet;
  packet.verdict = DecodeVerdict::Other;
  packet.reason = "ICMP";
  counts.add(packet);
  counts.add(packet);
  counts.told_of_another(packet);
  CHECK(counts.by_reason() == std::vector<DecodeCount>{{DecodeVerdict::Other, "ICMP", 1}});
  counts.told_of_another(packet);
  CHECK(counts.by_reason().empty());
}

TEST_CASE("nothing of a packet is left over for the next") {
  Decoding decoding;
  decoding.decode(ethernet(kIpv4, ipv4({}, tcp({.options = mss_option(1)}, "data"))));
  const Packet& packet = decoding.decode(ethernet(0x0806, "..."));
  CHECK(packet.transport == Transport::None);
  CHECK(packet.ip_version == IpVersion::None);
  CHECK(packet.tcp.options.mss == 0);
  CHECK(packet.payload.empty());
  CHECK(packet.source == IpAddress{});
}

TEST_CASE("a packet keeps the number and the time of its capture") {
  Decoder decoder;
  const Packet& packet = decoder.decode({.number = 42, .time_ns = 43, .bytes = {}});
  CHECK(packet.number == 42);
  CHECK(packet.time_ns == 43);
}

TEST_CASE("a capture that claims less than it holds is believed for what it holds") {
  const std::string bytes = ethernet(kIpv4, ipv4({}, tcp({}, "data")));
  RawPacket raw = raw_packet(bytes);
  raw.wire_length = 3;
  Decoder decoder;
  CHECK(decoder.decode(raw).payload_length == 4);
}
