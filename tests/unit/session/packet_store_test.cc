// SPDX-License-Identifier: Apache-2.0
#include "inspector/session/packet_store.h"

#include "tests/unit/catch2.h"
#include "tests/unit/packets/packet_builder.h"

using namespace wireseam;
using namespace wireseam::test;

TEST_CASE("packets of several link types lie side by side, each with its own") {
  PacketStore store;
  for (uint64_t number = 1; number <= 1000; ++number) {
    RawPacket packet = raw_packet("bytes", number % 2 == 0 ? kLinkEthernet : kLinkCooked);
    packet.number = number;
    store.add(packet);
  }
  CHECK(store.blocks() == 1);
  CHECK(store.find(500)->link_type == kLinkEthernet);
  CHECK(store.find(501)->link_type == kLinkCooked);
  CHECK(text_of(store.find(501)->bytes) == "bytes");
}
