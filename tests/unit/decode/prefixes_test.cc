// SPDX-License-Identifier: Apache-2.0
// Every prefix of every kind of packet, in memory of just its size, so that the address sanitizer
// sees a read past it.
#include <vector>

#include "tests/unit/catch2.h"
#include "tests/unit/decode/decoding.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

struct Sample {
  uint32_t link_type;
  std::string bytes;
};

std::vector<Sample> samples() {
  const std::string options =
      mss_option(1460) + sack_permitted_option() + timestamps_option(1, 2) + window_scale_option(7);
  const std::string segment = tcp({.flags = kSyn, .options = options}, "data");
  const std::string v4 = ipv4({.options = "\x01\x01\x01\x01"}, segment);
  const std::string v6 =
      ipv6({.next_header = 0},
           extension(kIpv6Fragment, ipv6_fragment({.next_header = 60}, extension(kTcp, segment))));
  const std::string jumbo = ipv6({.next_header = 0, .payload_length = 0},
                                 extension(kTcp, segment, "\xc2\x04" + be32(70000)));
  return {{kLinkEthernet, ethernet(0x88a8, vlan(1, 0x8100, vlan(2, kIpv4, v4)))},
          {kLinkEthernet, ethernet(kIpv6, v6)},
          {kLinkEthernet, ethernet(kIpv6, jumbo)},
          {kLinkEthernet, ethernet(kIpv4, ipv4({.protocol = kUdp}, udp({}, "data")))},
          {kLinkEthernet, ethernet(kIpv4, ipv4({.more_fragments = true}, "12345678"))},
          {kLinkCooked, cooked({}, v4)},
          {kLinkCookedV2, cooked_v2({}, v4)},
          {kLinkRaw, v6},
          {0, be32(2) + v4}};
}

DecodeVerdict verdict_of(std::span<const std::byte> bytes, size_t wire_length, uint32_t link_type) {
  Decoder decoder;
  const std::vector<std::byte> exact(bytes.begin(), bytes.end());
  return decoder
      .decode({.number = 1,
               .time_ns = 1,
               .wire_length = static_cast<uint32_t>(wire_length),
               .link_type = link_type,
               .bytes = exact})
      .verdict;
}

}  // namespace

TEST_CASE("a packet that the capture cut is whole or truncated, never malformed") {
  for (const auto& [link_type, bytes] : samples()) {
    const auto all = std::as_bytes(std::span(bytes));
    const DecodeVerdict whole = verdict_of(all, all.size(), link_type);
    for (size_t size = 0; size < all.size(); ++size) {
      const DecodeVerdict verdict = verdict_of(all.first(size), all.size(), link_type);
      CHECK((verdict == whole || verdict == DecodeVerdict::Truncated));
    }
  }
}

TEST_CASE("a packet that ends early on the wire is malformed, or counts like one that was cut") {
  for (const auto& [link_type, bytes] : samples()) {
    const auto all = std::as_bytes(std::span(bytes));
    for (size_t size = 0; size < all.size(); ++size) {
      const DecodeVerdict verdict = verdict_of(all.first(size), size, link_type);
      CHECK((verdict == DecodeVerdict::Malformed ||
             verdict == verdict_of(all.first(size), all.size(), link_type)));
    }
  }
}

TEST_CASE("the length in a whole IP header tells that the packet was longer") {
  const std::string bytes = ipv4({}, tcp({}, "data"));
  const auto all = std::as_bytes(std::span(bytes));
  CHECK(verdict_of(all.first(19), 19, kLinkRaw) == DecodeVerdict::Malformed);
  CHECK(verdict_of(all.first(39), 39, kLinkRaw) == DecodeVerdict::Truncated);
  CHECK(verdict_of(all.first(40), 40, kLinkRaw) == DecodeVerdict::Whole);
}
