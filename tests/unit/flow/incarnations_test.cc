// SPDX-License-Identifier: Apache-2.0
// Connections behind each other with the same addresses and ports (RFC 9293 section 3.5.1).
#include "tests/unit/catch2.h"
#include "tests/unit/flow/conversation.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

constexpr auto kBeforeStream = uint64_t(-1);
constexpr uint32_t kLater = 5'000'000;  // how much higher the numbers of the next connection are

// Two connections with the same ends; all packets go to one table.
struct Ports {
  Conversation first{1000, 5000};
  Conversation second{1000 + kLater, 5000 + kLater};

  // What the second one sent goes to the table of the first.
  const Segment& also(const Packet& packet) {
    first.send(packet);
    return first.recorder.segments.back();
  }
  void shake_hands_again() {
    also(second.from_server("", kBeforeStream, kSyn | kAck));
    also(second.from_client("", 0));
  }
  CloseState state(size_t ending) { return first.recorder.endings.at(ending).teardown.state; }
};

}  // namespace

TEST_CASE("a client that forgot its connection resets that, and not its new one") {
  Ports ports;
  ports.first.shake_hands();
  ports.also(ports.second.from_client("", kBeforeStream, kSyn));
  CHECK(ports.first.last().cause == Cause::PortsReused);
  ports.first.from_server("", 0);
  REQUIRE(ports.first.recorder.notes.size() == 1);
  CHECK(ports.first.recorder.notes[0].cause == Cause::IgnoredSyn);
  CHECK(ports.first.recorder.notes[0].packet == 4);
  ports.first.from_client("", 0, kRst);
  CHECK(ports.first.recorder.closes == std::vector{CloseState::Reset});
  ports.also(ports.second.from_client("", kBeforeStream, kSyn));
  CHECK(ports.first.recorder.endings.empty());
  ports.shake_hands_again();
  REQUIRE(ports.first.recorder.endings.size() == 1);
  CHECK(ports.first.recorder.endings[0].reason == EndReason::Reused);
  CHECK(ports.state(0) == CloseState::Reset);
  CHECK(ports.first.recorder.handshakes.back().syns == 2);
  CHECK(ports.first.recorder.handshakes.back().state == HandshakeState::Complete);
  ports.first.table.finish();
  CHECK(ports.first.recorder.endings.at(1).incarnation == 2);
  CHECK(ports.state(1) == CloseState::Open);
}

TEST_CASE("a SYN that only challenges leaves a connection as it is") {
  Ports ports;
  ports.first.shake_hands();
  ports.also(ports.second.from_client("", kBeforeStream, kSyn));
  ports.first.from_server("", 0);
  ports.first.from_client("hello", 0);
  ports.first.server_acks(5);
  ports.first.from_server("world", 0);
  CHECK(ports.first.recorder.streams[0] == "hello");
  CHECK(ports.first.recorder.streams[1] == "world");
  CHECK(ports.first.recorder.notes.size() == 1);
  ports.first.table.finish();
  CHECK(ports.first.recorder.endings.size() == 2);
}

TEST_CASE("a machine that has forgotten a connection accepts another") {
  Ports ports;
  ports.first.shake_hands();
  ports.also(ports.second.from_client("", kBeforeStream, kSyn));
  ports.shake_hands_again();
  CHECK(ports.first.recorder.endings.size() == 1);
  CHECK(ports.state(0) == CloseState::Open);
  CHECK(ports.first.recorder.notes.empty());
}

TEST_CASE("a refusal is that of the new connection") {
  Ports ports;
  ports.first.shake_hands();
  ports.also(ports.second.from_client("", kBeforeStream, kSyn));
  ports.also(ports.second.from_server("", kBeforeStream, kRst | kAck));
  CHECK(ports.first.recorder.handshakes.back().state == HandshakeState::Refused);
  CHECK(ports.state(0) == CloseState::Open);
}

TEST_CASE("what is left of a closed connection is ignored by the next one") {
  Ports ports;
  ports.first.shake_hands();
  ports.also(ports.second.from_client("", kBeforeStream, kSyn));
  ports.shake_hands_again();
  ports.first.from_server("", 0, kFin | kAck);
  CHECK(ports.first.last().cause == Cause::IgnoredOld);
  ports.first.from_client("", 0, kRst);
  CHECK(ports.first.last().cause == Cause::IgnoredOutOfWindow);
  ports.first.table.finish();
  CHECK(ports.state(1) == CloseState::Open);
}

TEST_CASE("a late answer to a SYN that was given up belongs to that one") {
  Ports ports;
  ports.first.from_client("", kBeforeStream, kSyn);
  ports.also(ports.second.from_client("", kBeforeStream, kSyn));
  ports.first.from_server("", kBeforeStream, kSyn | kAck);
  ports.first.from_client("", 0, kRst);
  ports.shake_hands_again();
  REQUIRE(ports.first.recorder.handshakes.size() == 1);
  CHECK(ports.first.recorder.handshakes[0].syn.seq == 1000 + kLater);
  CHECK(ports.state(0) == CloseState::Reset);
}

TEST_CASE("connections of which only one side is seen are told apart") {
  const bool by_client = GENERATE(true, false);
  Ports ports;
  const auto one_way = [&](Conversation& talk, std::string_view payload, auto send) {
    if (by_client) {
      send(talk.from_client("", kBeforeStream, kSyn));
      send(talk.from_client(payload, 0));
    } else {
      send(talk.from_server("", kBeforeStream, kSyn | kAck));
      send(talk.from_server(payload, 0));
    }
  };
  one_way(ports.first, "hello", [](const Packet&) {});
  one_way(ports.second, "", [&](const Packet& packet) { ports.also(packet); });
  CHECK(ports.first.recorder.endings.size() == 1);
  CHECK(ports.first.last().range == ByteRange{0, 0});
  CHECK_FALSE(is_ignored(ports.first.last().cause));
}

TEST_CASE("of two connections of the same ports either may have to go for others") {
  Conversation talk(1000, 5000, {.connections = 2});
  talk.shake_hands();
  Packet syn = talk.from_client("", kBeforeStream, kSyn);
  for (uint32_t i = 1; i <= 5; ++i) {
    syn.tcp.seq += kLater;
    talk.send(syn);
  }
  talk.from_client("hello", 0);
  CHECK(talk.recorder.streams[0] == "hello");
  for (uint16_t port = 1; port <= 3; ++port) {
    syn.source_port = port;
    talk.send(syn);
  }
  talk.table.finish();
  CHECK(talk.table.counts().connections == talk.recorder.endings.size());
}
