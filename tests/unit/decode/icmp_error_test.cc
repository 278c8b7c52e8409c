// SPDX-License-Identifier: Apache-2.0
#include "inspector/decode/icmp_error.h"

#include "tests/unit/catch2.h"
#include "tests/unit/packets/packet_builder.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

constexpr uint8_t kIcmp = 1;

std::string quoting(uint8_t type, uint8_t code, const std::string& quoted) {
  return ipv4({.protocol = kIcmp},
              std::string{char(type), char(code)} + std::string(6, '\0') + quoted);
}

// "port unreachable 5000 5"; "none".
std::string read(const std::string& bytes) {
  const RawPacket raw = raw_packet(bytes, kLinkRaw);
  Decoder decoder;
  IcmpErrorReader reader;
  const auto error = reader.read(decoder.decode(raw), raw);
  if (!error) return "none";
  return std::string(error->reason) + " " + std::to_string(error->quoted.destination_port) + " " +
         std::to_string(error->quoted.payload_length);
}

const std::string kDatagram = ipv4({.protocol = kUdp}, udp({.destination_port = 5000}, "hello"));

}  // namespace

TEST_CASE("An ICMP error says why, and of which datagram, though it quotes its header alone") {
  CHECK(read(quoting(3, 3, kDatagram)) == "port unreachable 5000 5");
  CHECK(read(quoting(3, 1, kDatagram.substr(0, 28))) == "host unreachable 5000 5");
  CHECK(read(quoting(11, 0, kDatagram)) == "time exceeded 5000 5");
  CHECK(read(quoting(3, 77, kDatagram)) == "unreachable 5000 5");
  CHECK(read(quoting(5, 1, kDatagram)) == " 5000 5");
}

TEST_CASE("Other messages of ICMP, and errors about other protocols, are about no datagram") {
  CHECK(read(quoting(8, 0, kDatagram)) == "none");
  CHECK(read(quoting(3, 3, "")) == "none");
  CHECK(read(quoting(3, 3, ipv4({.protocol = kIcmp}, std::string(8, '\0')))) == "none");
  CHECK(read(kDatagram) == "none");
}
