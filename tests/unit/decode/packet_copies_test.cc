// SPDX-License-Identifier: Apache-2.0
#include "inspector/decode/packet_copies.h"

#include "tests/unit/catch2.h"
#include "tests/unit/packets/packet_builder.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

class Host {
 public:
  // Whether it is no copy.
  bool sees(uint32_t interface, const std::string& datagram, uint64_t time_ns) {
    const std::string bytes = cooked_v2({.interface = interface}, datagram);
    RawPacket packet = raw_packet(bytes, kLinkCookedV2);
    packet.time_ns = time_ns;
    CHECK(interface_of(packet) == interface);
    return copies_.is_new(packet, interface);
  }

 private:
  PacketCopies copies_{PacketCopies::kWithinHost};
};

std::string datagram(uint16_t id, uint8_t ttl = 64) {
  return ipv4({.protocol = kUdp, .ttl = ttl, .id = id}, udp({}, "hi"));
}

}  // namespace

TEST_CASE("A packet on a bridge and on its port is one, and the next like it is another") {
  Host host;
  CHECK(host.sees(2, datagram(7), 1'000));
  CHECK_FALSE(host.sees(3, datagram(7), 9'000));
  CHECK(host.sees(2, datagram(7), 20'000));
  CHECK_FALSE(host.sees(3, datagram(7), 29'000));
}

TEST_CASE("A packet that is sent again, on one interface or a while later, is no copy") {
  Host host;
  CHECK(host.sees(2, datagram(7), 1'000));
  CHECK(host.sees(2, datagram(7), 9'000));
  CHECK(host.sees(3, datagram(8), 9'000));
  CHECK(host.sees(3, datagram(7), 9'000'000));
}

TEST_CASE("What a router sends on has lived a bit longer, and is the same packet") {
  Host host;
  CHECK(host.sees(2, datagram(7, 64), 1'000));
  CHECK_FALSE(host.sees(3, datagram(7, 63), 9'000));
}

TEST_CASE("Interfaces of two captures are two, though their numbers are the same") {
  const std::string bytes = cooked_v2({.interface = 2}, datagram(7));
  const RawPacket packet = raw_packet(bytes, kLinkCookedV2);
  CHECK(source_of(packet, 0) != source_of(packet, 1));
  CHECK(source_of(packet, 1) == source_of(packet, 1));
}

TEST_CASE("Where a capture does not say on which interface, nobody knows") {
  const std::string bytes = cooked({}, datagram(7));
  CHECK_FALSE(interface_of(raw_packet(bytes, kLinkCooked)));
}
