// SPDX-License-Identifier: Apache-2.0
#include "inspector/capture/link_filters.h"

#include "common/error.h"
#include "tests/unit/catch2.h"
#include "tests/unit/packets/packet_builder.h"

using namespace wireseam;
using namespace wireseam::test;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr uint32_t kLinkUsb = 189;

std::string segment_to(uint16_t port) { return ipv4({}, tcp({.destination_port = port})); }

}  // namespace

TEST_CASE("one filter selects the packets of every link type, known beforehand or not") {
  LinkFilters filters("tcp dst port 80", {kLinkEthernet});
  for (const uint16_t port : {uint16_t{80}, uint16_t{81}}) {
    const bool passes = port == 80;
    CHECK(filters.pass(raw_packet(ethernet(kIpv4, segment_to(port)), kLinkEthernet)) == passes);
    CHECK(filters.pass(raw_packet(segment_to(port), kLinkRaw)) == passes);
    CHECK(filters.pass(raw_packet(cooked({}, segment_to(port)), kLinkCooked)) == passes);
    CHECK(filters.pass(raw_packet(cooked_v2({}, segment_to(port)), kLinkCookedV2)) == passes);
  }
}

TEST_CASE("where a filter has no meaning, nothing passes") {
  LinkFilters filters("ether host 02:00:00:00:00:01 or not ip", {kLinkRaw, kLinkEthernet});
  CHECK(filters.pass(raw_packet(ethernet(kIpv6, "x"), kLinkEthernet)));
  CHECK_FALSE(filters.pass(raw_packet(segment_to(80), kLinkRaw)));
  CHECK_FALSE(filters.pass(raw_packet("x", kLinkUsb)));
}

TEST_CASE("a filter that has a meaning for none of the link types is an error") {
  CHECK_THROWS_WITH(LinkFilters("tcp prot 80", {kLinkRaw, kLinkEthernet}),
                    ContainsSubstring("syntax error"));
  CHECK_THROWS_WITH(LinkFilters("tcp prot 80", {}), ContainsSubstring("syntax error"));
  CHECK_THROWS_AS(LinkFilters("ether host 02:00:00:00:00:01", {kLinkRaw}), Error);
  CHECK_NOTHROW(LinkFilters("tcp port 80", {}));
}
