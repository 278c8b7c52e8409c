// SPDX-License-Identifier: Apache-2.0
#include "inspector/flow/flow_table.h"

#include "tests/unit/catch2.h"
#include "tests/unit/flow/conversation.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

void close_from_client(Conversation& talk) {
  talk.from_client("", 0, kFin | kAck);
  talk.server_acks(1);
  talk.from_server("", 0, kFin | kAck);
  talk.client_acks(1);
  talk.from_client("", 1);
}

Packet datagram(uint16_t port, uint64_t time_ns) {
  Packet packet;
  packet.time_ns = time_ns;
  packet.transport = Transport::Udp;
  packet.source_port = port;
  return packet;
}

}  // namespace

TEST_CASE("a handshake tells who is who, and the round trips of both sides") {
  Conversation talk;
  talk.shake_hands();
  REQUIRE(talk.recorder.handshakes.size() == 1);
  const Handshake& shake = talk.recorder.handshakes[0];
  CHECK(shake.state == HandshakeState::Complete);
  CHECK(shake.server_rtt_ns() == 1'000'000);
  CHECK(shake.client_rtt_ns() == 1'000'000);
  CHECK(shake.syn.seq == 1000);
  CHECK(talk.last().direction == Direction::ToServer);
  talk.table.finish();
  REQUIRE(talk.recorder.endings.size() == 1);
  CHECK_FALSE(talk.recorder.endings[0].guessed);
}

TEST_CASE("a SYN that is sent again counts, and the last one is measured") {
  Conversation talk;
  const Packet syn = talk.from_client("", uint64_t(-1), kSyn);
  Packet again = syn;
  again.ip_id++;
  talk.wait_ns(1'000'000'000);
  talk.send(again);
  CHECK(talk.last().cause == Cause::Retransmission);
  talk.from_server("", uint64_t(-1), kSyn | kAck);
  talk.from_client("", 0);
  REQUIRE(talk.recorder.handshakes.size() == 1);
  CHECK(talk.recorder.handshakes[0].syns == 2);
  CHECK(talk.recorder.handshakes[0].server_rtt_ns() == 1'000'000);
}

TEST_CASE("an RST that answers a SYN is a refusal") {
  Conversation talk;
  talk.from_client("", uint64_t(-1), kSyn);
  talk.from_server("", uint64_t(-1), kRst | kAck);
  REQUIRE(talk.recorder.handshakes.size() == 1);
  CHECK(talk.recorder.handshakes[0].state == HandshakeState::Refused);
  CHECK(talk.recorder.closes.back() == CloseState::Reset);
}

TEST_CASE("SYNs that cross are a simultaneous open") {
  Conversation talk;
  talk.from_client("", uint64_t(-1), kSyn);
  talk.from_server("", uint64_t(-1), kSyn);
  talk.from_client("", uint64_t(-1), kSyn | kAck);
  talk.from_server("", uint64_t(-1), kSyn | kAck);
  REQUIRE(talk.recorder.handshakes.size() == 1);
  CHECK(talk.recorder.handshakes[0].state == HandshakeState::Simultaneous);
  for (const Segment& segment : talk.recorder.segments) CHECK(segment.cause == Cause::None);
}

TEST_CASE("each step of a close is told") {
  Conversation talk;
  talk.shake_hands();
  close_from_client(talk);
  const std::vector<CloseState> steps{CloseState::HalfClosed, CloseState::Closing,
                                      CloseState::Closed};
  CHECK(talk.recorder.closes == steps);
}

TEST_CASE("an RST throws away what its sender had not acknowledged") {
  Conversation talk;
  talk.shake_hands();
  talk.from_client("0123456789", 0);
  talk.server_acks(4);
  talk.from_server("", 0, kRst | kAck);
  talk.table.finish();
  const Teardown& teardown = talk.recorder.endings.at(0).teardown;
  CHECK(teardown.state == CloseState::Reset);
  CHECK(teardown.rst.direction == Direction::ToClient);
  CHECK(teardown.rst.discarded == 6);
}

TEST_CASE("a tuple that is used again is another connection") {
  Conversation first(1000, 5000);
  first.shake_hands();
  close_from_client(first);
  Packet syn = first.from_client("", uint64_t(-1), kSyn);
  syn.tcp.seq += 77'777;
  first.send(syn);
  CHECK(first.last().cause == Cause::PortsReused);
  first.table.finish();
  REQUIRE(first.recorder.endings.size() == 2);
  CHECK(first.recorder.endings[0].reason == EndReason::Reused);
  CHECK(first.recorder.endings[1].incarnation == 2);
}

TEST_CASE("an answer that overtook its SYN belongs to it") {
  Conversation talk;
  talk.from_server("", uint64_t(-1), kSyn | kAck);
  talk.from_client("", uint64_t(-1), kSyn);
  talk.from_client("hello", 0);
  talk.table.finish();
  REQUIRE(talk.recorder.endings.size() == 1);
  CHECK_FALSE(talk.recorder.endings[0].guessed);
  CHECK(talk.recorder.streams[0] == "hello");
}

TEST_CASE("of two different answers to a SYN the last one counts") {
  Conversation talk;
  talk.from_client("", uint64_t(-1), kSyn);
  Packet answer = talk.from_server("", uint64_t(-1), kSyn | kAck);
  answer.tcp.seq += 1000;
  talk.send(answer);
  talk.from_server("hello", 1000);
  talk.table.finish();
  CHECK(talk.recorder.endings.size() == 1);
  CHECK(talk.recorder.streams[1] == "hello");
}

TEST_CASE("a connection whose beginning was missed has a guessed client") {
  Conversation talk;
  talk.from_server("hello", 0);
  talk.from_client("world", 0);
  talk.table.finish();
  REQUIRE(talk.recorder.endings.size() == 1);
  CHECK(talk.recorder.endings[0].guessed);
  CHECK(talk.recorder.streams[0] == "world");
  CHECK(talk.recorder.streams[1] == "hello");
}

TEST_CASE("a closed connection that stays silent ends") {
  Conversation talk;
  talk.shake_hands();
  close_from_client(talk);
  talk.table.tick(4'000'000'000);
  CHECK(talk.recorder.endings.empty());
  talk.table.tick(10'000'000'000);
  REQUIRE(talk.recorder.endings.size() == 1);
  CHECK(talk.recorder.endings[0].reason == EndReason::Over);
}

TEST_CASE("who lost the news of a reset and sends again and again is no other connection") {
  Conversation talk;
  talk.shake_hands();
  talk.from_client("lost", 0);
  talk.from_server("", 0, kRst);
  for (uint64_t pause_ns = 200'000'000; pause_ns < 120'000'000'000; pause_ns *= 2) {
    talk.wait_ns(pause_ns);
    talk.from_client("lost", 0);
    CHECK(talk.last().cause == Cause::Retransmission);
  }
  CHECK(talk.recorder.endings.empty());
}

TEST_CASE("a packet from the far future does not keep a silent connection from its end") {
  Conversation talk;
  talk.table.packet(datagram(1, 4'000'000'000'000'000'000));
  talk.shake_hands();
  close_from_client(talk);
  for (uint64_t i = 0; i < 2; ++i) talk.table.packet(datagram(2, 300'000'000'000 + i));
  CHECK(talk.recorder.endings.size() == 2);
}

TEST_CASE("the first packet after a silence does not end its own connection") {
  Recorder recorder;
  FlowTable table(recorder);
  for (const uint64_t now_ns : {1'000'000'000'000, 2'000'000'000'000}) {
    table.tick(now_ns);
    table.packet(datagram(1, now_ns + 1'000'000));
  }
  CHECK(recorder.endings.size() == 1);
}

TEST_CASE("a packet without a time ends no conversation") {
  constexpr uint64_t kNow = 1'700'000'000'000'000'000;
  Recorder recorder;
  FlowTable table(recorder);
  table.tick(kNow);
  table.packet(datagram(1, kNow + 1'000'000'000));
  table.packet(datagram(2, 0));
  table.packet(datagram(1, kNow + 2'000'000'000));
  CHECK(recorder.endings.empty());
}

TEST_CASE("of many that have long been silent some end at each packet") {
  Recorder recorder;
  FlowTable table(recorder);
  for (uint16_t port = 1; port <= 200; ++port) table.packet(datagram(port, port));
  std::vector<size_t> ended;
  for (uint64_t i = 0; i < 4; ++i) {
    table.packet(datagram(999, 1'000'000'000'000 + i));
    ended.push_back(recorder.endings.size());
  }
  CHECK(ended.front() < 200);
  CHECK(ended.back() == 200);
}

TEST_CASE("when there are too many connections the one longest silent is given up") {
  Recorder recorder;
  FlowTable table(recorder, {.connections = 2});
  Packet packet;
  packet.transport = Transport::Tcp;
  packet.tcp.flags = kSyn;
  for (uint16_t port = 1; port <= 3; ++port) {
    packet.number = port;
    packet.source_port = port;
    table.packet(packet);
  }
  CHECK(table.counts().given_up == 1);
  REQUIRE(recorder.endings.size() == 1);
  CHECK(recorder.endings[0].id == 1);
  CHECK(recorder.endings[0].reason == EndReason::GivenUp);
}

TEST_CASE("a flood of SYNs does not cost those that talk their connections") {
  Conversation talk(1000, 5000, {.connections = 3});
  talk.shake_hands();
  for (uint16_t port = 1; port <= 10; ++port) {
    Packet syn = talk.from_client("", uint64_t(-1), kSyn);
    syn.source_port = port;
    talk.send(syn);
  }
  CHECK(talk.table.counts().given_up == 8);
  talk.from_client("hello", 0);
  CHECK(talk.recorder.streams[0] == "hello");
}

TEST_CASE("a time that one packet alone has costs no other connection its hole") {
  Conversation talk;
  talk.shake_hands();
  talk.from_client("world", 5);
  talk.table.packet(datagram(1, 4'000'000'000'000'000'000));
  talk.from_client("hello", 0);
  CHECK(talk.recorder.streams[0] == "helloworld");
}

TEST_CASE("which end of a connection begun in the middle is the server is told by its port") {
  struct Ports {
    uint16_t client, server;
  };
  for (const auto& [client, server] :
       {Ports{40000, 80}, Ports{20000, 8080}, Ports{1024, 443}, Ports{40000, 50051},
        Ports{20000, 9999}, Ports{60000, 41000}, Ports{3000, 22}}) {
    for (const bool client_first : {true, false}) {
      INFO(client << " " << server << " " << client_first);
      Conversation origin;
      Conversation talk;
      Packet packet = client_first ? origin.from_client("hi", 0) : origin.from_server("hi", 0);
      packet.source_port = client_first ? client : server;
      packet.destination_port = client_first ? server : client;
      talk.send(packet);
      talk.table.finish();
      REQUIRE(talk.recorder.endings.size() == 1);
      CHECK(talk.recorder.endings[0].client_is_a);
      CHECK(talk.recorder.endings[0].guessed);
    }
  }
}
