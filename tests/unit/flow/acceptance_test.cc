// SPDX-License-Identifier: Apache-2.0
// What RSTs, SYNs, FINs and ACKs mean to their receiver, and what it ignores.
#include "inspector/flow/acceptance.h"

#include "tests/unit/catch2.h"
#include "tests/unit/flow/conversation.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

constexpr auto kBeforeStream = uint64_t(-1);  // where a SYN lies

CloseState state(const Conversation& talk) {
  return talk.recorder.closes.empty() ? CloseState::Open : talk.recorder.closes.back();
}

// As if another connection of the same ports had other initial numbers.
Packet shifted(Packet packet, uint32_t seq, uint32_t ack) {
  packet.tcp.seq += seq;
  if (packet.tcp.has(kAck)) packet.tcp.ack += ack;
  return packet;
}

Packet made(Conversation& elsewhere, uint16_t flags, uint64_t offset, bool by_client) {
  return by_client ? elsewhere.from_client("", offset, flags)
                   : elsewhere.from_server("", offset, flags);
}

// The window of a Conversation is 1000 bytes.
Cause cause_of_rst(Conversation& talk, uint64_t offset) {
  talk.from_server("", offset, kRst);
  return talk.last().cause;
}

}  // namespace

TEST_CASE("an RST resets at the very place that is expected, and is ignored elsewhere") {
  const auto [offset, cause] =
      GENERATE(table<uint64_t, Cause>({{10, Cause::None},
                                       {9, Cause::IgnoredOutOfWindow},
                                       {11, Cause::IgnoredRstNotExact},
                                       {1010, Cause::IgnoredRstNotExact},
                                       {1011, Cause::IgnoredOutOfWindow},
                                       {500'000'000, Cause::IgnoredOutOfWindow}}));
  Conversation talk;
  talk.shake_hands();
  talk.from_server("0123456789", 0);
  talk.client_acks(10);
  talk.from_client("", 0);
  CHECK(cause_of_rst(talk, offset) == cause);
  CHECK(state(talk) == (cause == Cause::None ? CloseState::Reset : CloseState::Open));
  talk.from_server("goes on", 10);
  CHECK(talk.recorder.streams[1] == "0123456789goes on");
}

TEST_CASE("an RST behind what is still on its way resets, too") {
  Conversation talk;
  talk.shake_hands();
  talk.from_server("0123456789", 0);
  CHECK(cause_of_rst(talk, 10) == Cause::None);
  CHECK(state(talk) == CloseState::Reset);
}

TEST_CASE("an RST resets whatever it acknowledges, and while the window is closed") {
  Conversation talk;
  talk.shake_hands();
  Packet closed = talk.from_client("", 0);
  closed.tcp.window = 0;
  talk.send(closed);
  talk.server_acks(77'777);
  talk.from_server("", 0, kRst | kAck);
  CHECK(state(talk) == CloseState::Reset);
}

TEST_CASE("an RST with the number of an acknowledged FIN resets, as Linux has it") {
  Conversation talk;
  talk.shake_hands();
  talk.from_server("", 0, kFin | kAck);
  talk.client_acks(1);
  talk.from_client("", 0);
  CHECK(cause_of_rst(talk, 0) == Cause::None);
  CHECK(state(talk) == CloseState::Reset);
}

TEST_CASE("where the capture has begun in the middle an RST in the largest window counts") {
  Conversation talk;
  talk.from_client("hello", 0);
  talk.from_server("world", 0);
  CHECK(cause_of_rst(talk, 5000) == Cause::None);
  CHECK(state(talk) == CloseState::Reset);
}

TEST_CASE("where bytes are missing an RST behind them counts") {
  Conversation talk;
  talk.shake_hands();
  talk.from_server("56789", 5);
  CHECK(cause_of_rst(talk, 15) == Cause::None);
}

TEST_CASE("an RST in TIME_WAIT leaves a connection closed") {
  Conversation talk;
  talk.shake_hands();
  talk.from_client("", 0, kFin | kAck);
  talk.server_acks(1);
  talk.from_server("", 0, kFin | kAck);
  talk.client_acks(1);
  talk.from_client("", 1);
  talk.from_server("", 1, kRst);
  CHECK(state(talk) == CloseState::Closed);
  CHECK(talk.last().cause == Cause::None);
}

TEST_CASE("only an RST that acknowledges the SYN refuses it") {
  Conversation talk;
  talk.from_client("", kBeforeStream, kSyn);
  Conversation elsewhere;
  const Packet refusal = made(elsewhere, kRst | kAck, 0, false);
  talk.send(shifted(refusal, 0, 75'776));
  CHECK(talk.last().cause == Cause::IgnoredWrongAck);
  talk.send(made(elsewhere, kRst, 0, false));
  CHECK(talk.last().cause == Cause::IgnoredWrongAck);
  CHECK(talk.recorder.handshakes.empty());
  CHECK(state(talk) == CloseState::Open);
  talk.send(refusal);
  CHECK(talk.recorder.handshakes.at(0).state == HandshakeState::Refused);
}

TEST_CASE("who resets what is half-open has refused nothing") {
  Conversation talk;
  talk.from_client("", kBeforeStream, kSyn);
  talk.from_server("", kBeforeStream, kSyn | kAck);
  talk.from_client("", 0, kRst);
  CHECK(talk.recorder.handshakes.empty());
  CHECK(state(talk) == CloseState::Reset);
}

TEST_CASE("any acceptable acknowledgement of the answer completes the handshake") {
  Conversation talk;
  talk.from_client("", kBeforeStream, kSyn);
  talk.from_server("hello", kBeforeStream, kSyn | kAck);
  talk.from_server("world", 5);
  CHECK(talk.recorder.handshakes.empty());
  talk.client_acks(10);
  talk.from_client("", 0);
  REQUIRE(talk.recorder.handshakes.size() == 1);
  CHECK(talk.recorder.handshakes[0].state == HandshakeState::Complete);
  CHECK(talk.recorder.streams[1] == "helloworld");
}

TEST_CASE("a SYN/ACK that was captured behind its acknowledgement begins its stream") {
  Conversation talk;
  talk.from_client("", kBeforeStream, kSyn);
  Conversation origin;
  const Packet answer = origin.from_server("", kBeforeStream, kSyn | kAck);
  const Packet greeting = origin.from_server("hello", 0);
  talk.client_acks(5);
  talk.from_client("question", 0);
  talk.send(answer);
  CHECK(talk.last().cause == Cause::None);
  talk.send(greeting);
  CHECK(talk.last().range == ByteRange{0, 5});
  CHECK(talk.recorder.streams[1] == "hello");
}

TEST_CASE("an RST that was captured before the SYN that it answers refuses it") {
  Conversation talk;
  Conversation origin;
  const Packet syn = origin.from_client("", kBeforeStream, kSyn);
  talk.send(made(origin, kRst | kAck, 0, false));
  talk.send(syn);
  REQUIRE(talk.recorder.handshakes.size() == 1);
  CHECK(talk.recorder.handshakes[0].state == HandshakeState::Refused);
  CHECK_FALSE(talk.recorder.handshakes[0].duration_ns());
}

TEST_CASE("where only the server is seen its acknowledgement shows that there was a handshake") {
  Conversation talk;
  talk.from_server("", kBeforeStream, kSyn | kAck);
  talk.from_server("hello", 0);
  CHECK(talk.recorder.handshakes.empty());
  talk.server_acks(8);
  talk.from_server("world", 5);
  REQUIRE(talk.recorder.handshakes.size() == 1);
  CHECK(talk.recorder.handshakes[0].state == HandshakeState::Complete);
  CHECK_FALSE(talk.recorder.handshakes[0].duration_ns());
}

TEST_CASE("no handshake has a duration whose SYN was not captured before its answer") {
  Conversation late;
  late.from_server("", kBeforeStream, kSyn | kAck);
  late.from_client("", kBeforeStream, kSyn);
  late.from_client("", 0);
  CHECK_FALSE(late.recorder.handshakes.at(0).duration_ns());
  CHECK(late.recorder.handshakes.at(0).syn.packet == 2);
  Conversation never;
  never.from_server("", kBeforeStream, kSyn | kAck);
  never.from_client("", 0);
  CHECK_FALSE(never.recorder.handshakes.at(0).duration_ns());
}

TEST_CASE("a SYN/ACK with another number changes nothing in a connection") {
  Conversation talk;
  talk.shake_hands();
  Packet stray = talk.from_server("", kBeforeStream, kSyn | kAck);
  stray.tcp.seq += 77'777;
  talk.send(stray);
  CHECK(talk.last().cause == Cause::IgnoredSyn);
  talk.from_server("hello", 0);
  CHECK(talk.recorder.streams[1] == "hello");
}

TEST_CASE("a SYN/ACK that acknowledges another SYN is ignored") {
  Conversation talk;
  talk.from_client("", kBeforeStream, kSyn);
  Conversation elsewhere;
  talk.send(shifted(made(elsewhere, kSyn | kAck, kBeforeStream, false), 0, 99'999));
  CHECK(talk.last().cause == Cause::IgnoredWrongAck);
  talk.from_server("", kBeforeStream, kSyn | kAck);
  talk.from_client("", 0);
  CHECK(talk.recorder.handshakes.at(0).syn_ack.seq == 5000);
}

TEST_CASE("of two different answers to a SYN the one counts that the client acknowledges") {
  Conversation talk;
  talk.from_client("", kBeforeStream, kSyn);
  Packet other = talk.from_server("", kBeforeStream, kSyn | kAck);
  other.tcp.seq += 1000;
  talk.send(other);
  talk.from_client("", 0);
  talk.from_server("hello", 0);
  CHECK(talk.recorder.streams[1] == "hello");
  CHECK(talk.recorder.handshakes.at(0).syn_ack.packet == 2);
}

TEST_CASE("a FIN of an older connection leaves a new one open") {
  Conversation talk;
  talk.shake_hands();
  talk.from_client("hello", 0);
  Conversation elsewhere;
  talk.send(shifted(made(elsewhere, kFin | kAck, 0, false), uint32_t(-9'000'000), 77));
  CHECK(talk.last().cause == Cause::IgnoredOld);
  talk.send(shifted(made(elsewhere, kFin | kAck, 0, true), 0, 0));
  CHECK(talk.last().cause == Cause::IgnoredOld);  // it lies before bytes that were sent
  talk.from_client("", 2000, kFin | kAck);
  CHECK(talk.last().cause == Cause::IgnoredOutOfWindow);
  CHECK(state(talk) == CloseState::Open);
}

TEST_CASE("a FIN counts where the receiver acknowledges it, however far away it lies") {
  Conversation talk;
  talk.shake_hands();
  talk.from_client("", 2000, kFin | kAck);
  CHECK(state(talk) == CloseState::Open);
  talk.server_acks(2001);
  talk.from_server("", 0);
  CHECK(state(talk) == CloseState::HalfClosed);
}

TEST_CASE("a FIN that is sent again, or comes before what was overtaken, is no old one") {
  Conversation talk;
  talk.shake_hands();
  talk.from_client("world", 5, kFin | kAck);
  CHECK(state(talk) == CloseState::HalfClosed);
  talk.from_client("hello", 0);
  talk.from_client("world", 5, kFin | kAck);
  CHECK_FALSE(is_ignored(talk.last().cause));
  CHECK(talk.recorder.streams[0] == "helloworld");
}

TEST_CASE("a FIN is acknowledged in whatever order both were captured") {
  Conversation talk;
  talk.shake_hands();
  talk.server_acks(1);
  talk.from_server("", 0, kFin | kAck);
  talk.from_client("", 0, kFin | kAck);
  talk.client_acks(1);
  talk.from_client("", 1);
  CHECK(state(talk) == CloseState::Closed);
  talk.table.finish();
  CHECK(talk.recorder.endings.at(0).teardown.fin(Direction::ToServer).ack_packet == 4);
}

TEST_CASE("an acknowledgement that was captured before its bytes and their FIN counts") {
  Conversation talk;
  talk.shake_hands();
  talk.server_acks(6);
  talk.from_server("", 0);
  talk.from_client("hello", 0, kFin | kAck);
  CHECK(talk.recorder.streams[0] == "hello");
  talk.from_server("", 0, kFin | kAck);
  talk.client_acks(1);
  talk.from_client("", 6);
  CHECK(state(talk) == CloseState::Closed);
}

TEST_CASE("bytes from before the SYN are of an older connection") {
  Conversation talk;
  talk.shake_hands();
  Conversation elsewhere;
  talk.send(shifted(elsewhere.from_client("old", 0), uint32_t(-10), 0));
  CHECK(talk.last().cause == Cause::IgnoredOld);
  talk.from_client("new", 0);
  CHECK(talk.recorder.streams[0] == "new");
}
