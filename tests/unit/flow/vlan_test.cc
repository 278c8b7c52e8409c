// SPDX-License-Identifier: Apache-2.0
// The same addresses and ports in several VLANs.
#include "tests/unit/catch2.h"
#include "tests/unit/flow/conversation.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

// The packets of a small connection, to be sent again in VLANs.
std::vector<Packet> packets_of_talk(Conversation& talk) {
  std::vector<Packet> packets;
  packets.push_back(talk.from_client("", UINT64_MAX, kSyn));
  packets.push_back(talk.from_server("", UINT64_MAX, kSyn | kAck));
  packets.push_back(talk.from_client("", 0));
  packets.push_back(talk.from_client("hello", 0));
  talk.server_acks(5);
  packets.push_back(talk.from_server("you", 0));
  return packets;
}

bool is_from_client(const Packet& packet) { return packet.source_port == 40000; }

struct Vlans {
  uint32_t client;
  uint32_t server;
};

void send_in(Conversation& talk, Packet packet, Vlans vlans) {
  packet.vlan = is_from_client(packet) ? vlans.client : vlans.server;
  talk.send(packet);
}

}  // namespace

TEST_CASE("the same addresses in two VLANs are two connections") {
  Conversation origin;
  Conversation talk;
  const std::vector<Packet> packets = packets_of_talk(origin);
  for (size_t i = 0; i < 3; ++i)  // the handshake
    for (const uint32_t vlan : {10, 20}) send_in(talk, packets[i], {vlan, vlan});
  talk.table.finish();
  CHECK(talk.recorder.endings.size() == 2);
  for (const Segment& segment : talk.recorder.segments) CHECK(segment.cause == Cause::None);
}

TEST_CASE("tags of one way, or of another VLAN each way, tear no connection apart") {
  const Vlans vlans = GENERATE(Vlans{10, 0}, Vlans{0, 10}, Vlans{10, 20});
  Conversation origin;
  Conversation talk;
  const std::vector<Packet> packets = packets_of_talk(origin);
  const size_t begin = GENERATE(0, 3);  // or begun in the middle
  for (size_t i = begin; i < packets.size(); ++i) send_in(talk, packets[i], vlans);
  talk.table.finish();
  CHECK(talk.recorder.endings.size() == 1);
}

TEST_CASE("SYNs that cross in two VLANs open one connection") {
  Conversation origin;
  Conversation talk;
  send_in(talk, origin.from_client("", UINT64_MAX, kSyn), {10, 20});
  send_in(talk, origin.from_server("", UINT64_MAX, kSyn), {10, 20});
  talk.table.finish();
  CHECK(talk.recorder.endings.size() == 1);
}

TEST_CASE("a packet in another VLAN that answers nothing is of another connection") {
  Conversation talk;
  Packet asks = talk.from_client("", 0);
  Packet other = talk.from_server("", 0);
  talk.table.finish();
  asks.vlan = 10;
  other.vlan = 20;
  other.tcp.ack += 100'000'000;
  talk.send(asks);
  talk.send(other);
  talk.table.finish();
  CHECK(talk.recorder.endings.size() == 3);
}
