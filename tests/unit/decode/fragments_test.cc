// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/unit/catch2.h"
#include "tests/unit/decode/decoding.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

// Bytes [begin, end) of a UDP datagram with 32 bytes of data, as IPv4 fragments.
const std::string kDatagram = udp({}, "0123456789abcdefghijklmnopqrstuv");

struct Cut {
  size_t begin, end;
};

std::string fragment(Cut cut, uint16_t id = 1) {
  return ipv4({.protocol = kUdp,
               .id = id,
               .fragment_offset = static_cast<uint16_t>(cut.begin),
               .more_fragments = cut.end < kDatagram.size()},
              kDatagram.substr(cut.begin, cut.end - cut.begin));
}

std::string fragment6(Cut cut) {
  return ipv6({.next_header = kIpv6Fragment},
              ipv6_fragment({.offset = static_cast<uint16_t>(cut.begin),
                             .more = cut.end < kDatagram.size(),
                             .id = 0xabcd1234},
                            kDatagram.substr(cut.begin, cut.end - cut.begin)));
}

std::string outcome_of(Decoding& decoding, const std::string& bytes) {
  return outcome(decoding.decode(bytes, kLinkRaw));
}

}  // namespace

TEST_CASE("a datagram is whole with its last fragment, in whatever order they come") {
  std::vector<Cut> cuts{{0, 8}, {8, 24}, {24, 32}, {32, 40}};
  const auto make = GENERATE(
      &fragment6, +[](Cut cut) { return fragment(cut); });
  const auto before = [](Cut a, Cut b) { return a.begin < b.begin; };
  do {
    Decoding decoding;
    for (size_t i = 0; i < 3; ++i)
      CHECK(decoding.decode(make(cuts[i]), kLinkRaw).verdict == DecodeVerdict::Fragment);
    const Packet& packet = decoding.decode(make(cuts[3]), kLinkRaw);
    REQUIRE(outcome(packet) == "Whole");
    CHECK(packet.reassembled);
    CHECK(packet.has_ip_id);
    CHECK(packet.destination_port == 53);
    CHECK(text_of(packet.payload) == kDatagram.substr(8));
    CHECK(decoding.decoder().reassembly().complete == 1);
  } while (std::next_permutation(cuts.begin(), cuts.end(), before));
}

TEST_CASE("fragments of different datagrams are kept apart") {
  Decoding decoding;
  decoding.decode(fragment({0, 16}, 1), kLinkRaw);
  CHECK(outcome_of(decoding, fragment({16, 40}, 2)) == "Fragment fragment at 20");
  CHECK(outcome_of(decoding, fragment({16, 40}, 1)) == "Whole");
}

TEST_CASE("a fragment that brings nothing new is passed over") {
  Decoding decoding;
  decoding.decode(fragment({0, 24}), kLinkRaw);
  CHECK(outcome_of(decoding, fragment({0, 24})) == "Fragment duplicate fragment at 20");
  CHECK(outcome_of(decoding, fragment({8, 16})) == "Fragment duplicate fragment at 20");
  CHECK(outcome_of(decoding, fragment({24, 40})) == "Whole");
}

TEST_CASE("an overlap gives the whole datagram up") {
  Decoding decoding;
  decoding.decode(fragment({0, 24}), kLinkRaw);
  CHECK(outcome_of(decoding, fragment({16, 32})) == "Malformed overlapping fragments at 20");
  CHECK(outcome_of(decoding, fragment({24, 40})) == "Fragment fragment at 20");
  CHECK(decoding.decoder().reassembly().contradictory == 1);
}

TEST_CASE("fragments behind the datagram's end contradict it") {
  Decoding decoding;
  decoding.decode(fragment({32, 40}), kLinkRaw);
  CHECK(outcome_of(decoding, ipv4({.protocol = kUdp, .fragment_offset = 40, .more_fragments = true},
                                  "12345678")) == "Malformed fragment place at 20");
  CHECK(outcome_of(decoding, ipv4({.protocol = kUdp, .fragment_offset = 65528}, "12345678")) ==
        "Malformed fragment place at 20");
  CHECK(outcome_of(decoding, ipv4({.protocol = kUdp, .more_fragments = true}, "")) ==
        "Malformed fragment place at 20");
}

TEST_CASE("a datagram is given up when its time is over") {
  Decoding decoding({.timeout_ns = 1000});
  decoding.decode(fragment({0, 16}), kLinkRaw);
  decoding.let_pass(1001);
  CHECK(outcome_of(decoding, fragment({16, 40})) == "Fragment fragment at 20");
  CHECK(decoding.decoder().reassembly().timed_out == 1);
}

TEST_CASE("the oldest datagrams give way when there are too many, or too many bytes") {
  const auto limits = GENERATE(ReassemblyLimits{.datagrams = 2}, ReassemblyLimits{.bytes = 300});
  Decoding decoding(limits);
  for (uint16_t id = 1; id <= 3; ++id) decoding.decode(fragment({0, 16}, id), kLinkRaw);
  CHECK(decoding.decoder().reassembly().crowded_out == 1);
  CHECK(outcome_of(decoding, fragment({16, 40}, 1)) == "Fragment fragment at 20");
  CHECK(outcome_of(decoding, fragment({16, 40}, 3)) == "Whole");
}

TEST_CASE("the memory of datagrams that end is given back") {
  IpReassembler reassembler({.timeout_ns = 1000});
  const std::string bytes(16, 'x');
  for (uint32_t id = 0; id < 100; ++id) {
    Packet packet;
    packet.time_ns = id * 600;
    const FragmentHeader first{.id = id, .offset = 0, .more = true, .protocol = kUdp};
    const FragmentHeader last{.id = id, .offset = 16, .more = false, .protocol = kUdp};
    reassembler.add(packet, first, std::as_bytes(std::span(bytes)));
    if (id % 2 == 0) reassembler.add(packet, last, std::as_bytes(std::span(bytes)));
  }
  Packet late;
  late.time_ns = 1'000'000;
  reassembler.add(late, {.offset = 8}, {});
  CHECK(reassembler.bytes() == 0);
}

TEST_CASE("a fragment header on a whole packet only gives its ID") {
  Decoding decoding;
  const Packet& packet =
      decoding.decode(ipv6({.next_header = kIpv6Fragment},
                           ipv6_fragment({.next_header = kTcp, .id = 0x12345678}, tcp({}, "hi"))),
                      kLinkRaw);
  CHECK(outcome(packet) == "Whole");
  CHECK_FALSE(packet.reassembled);
  CHECK(packet.ip_id == 0x5678);
}

TEST_CASE("a second fragment header is malformed") {
  Decoding decoding;
  const std::string inner = ipv6_fragment({.next_header = kTcp}, tcp({}));
  CHECK(outcome_of(decoding, ipv6({.next_header = kIpv6Fragment},
                                  ipv6_fragment({.next_header = kIpv6Fragment}, inner))) ==
        "Malformed IPv6 second fragment header at 48");
}

TEST_CASE("a fragment that the capture cut cannot be put together") {
  Decoding decoding;
  const std::string bytes = ethernet(kIpv4, fragment({0, 24}));
  CHECK(outcome(decoding.decode_cut(bytes, bytes.size() - 1)) == "Truncated fragment at 34");
}
