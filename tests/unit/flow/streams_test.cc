// SPDX-License-Identifier: Apache-2.0
// What the segments of a connection bring, and what happened to them.
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/catch2.h"
#include "tests/unit/flow/conversation.h"

using namespace wireseam;
using namespace wireseam::test;

TEST_CASE("bytes come in their order, across the wrap of sequence numbers") {
  Conversation talk(0xfffffffa);
  talk.shake_hands();
  talk.from_client("0123", 0);
  talk.from_client("4567", 4);
  talk.from_client("89", 8);
  CHECK(talk.recorder.streams[0] == "0123456789");
  CHECK(talk.last().range == ByteRange{8, 10});
}

TEST_CASE("an overtaken segment is reordered and fills its hole") {
  Conversation talk;
  talk.shake_hands();
  Packet overtaken = talk.from_client("ab", 0);
  const Packet overtaker = talk.from_client("ef", 4);
  CHECK(talk.last().cause == Cause::Hole);
  CHECK(talk.last().about == ByteRange{2, 4});
  overtaken.tcp.seq += 2;
  Packet third = overtaker;
  third.ip_id = static_cast<uint16_t>(overtaker.ip_id + 2);
  third.tcp.seq += 2;
  talk.send(third);
  overtaken.ip_id = static_cast<uint16_t>(overtaker.ip_id + 1);
  talk.send(overtaken);
  CHECK(talk.last().cause == Cause::Reordered);
  CHECK(talk.recorder.streams[0] == "ababefef");
}

TEST_CASE("what goes back and left later was sent again") {
  Conversation talk;
  talk.shake_hands();
  talk.from_client("abcd", 0);
  talk.from_client("efgh", 4);
  talk.wait_ns(300'000'000);
  talk.from_client("abcd", 0);
  CHECK(talk.last().cause == Cause::Retransmission);
  CHECK(talk.last().fresh == 0);
  CHECK(talk.last().wireshark.has(WiresharkName::Retransmission));
  CHECK(talk.recorder.streams[0] == "abcdefgh");
}

TEST_CASE("what was acknowledged and comes again is spurious") {
  Conversation talk;
  talk.shake_hands();
  talk.from_client("abcd", 0);
  talk.server_acks(4);
  talk.from_server("", 0);
  talk.from_client("abcd", 0);
  CHECK(talk.last().cause == Cause::SpuriousRetransmission);
}

TEST_CASE("the same packet twice was duplicated on its way") {
  Conversation talk;
  talk.shake_hands();
  const Packet packet = talk.from_client("abcd", 0);
  talk.send(packet);
  CHECK(talk.last().cause == Cause::NetworkDuplicate);
}

TEST_CASE("a sender whose packets all have one IP ID duplicates nothing") {
  Conversation talk;
  talk.same_id(1);
  talk.shake_hands();
  talk.from_client("abcd", 0);
  talk.server_acks(4);
  talk.from_server("", 0);
  talk.from_client("efgh", 4);
  for (const Segment& segment : talk.recorder.segments) CHECK(segment.cause == Cause::None);
}

TEST_CASE("a hole that duplicate acknowledgements told of is filled fast") {
  Conversation talk;
  talk.shake_hands();
  talk.from_client("a", 0);
  talk.server_acks(1);
  talk.from_server("", 0);
  for (uint64_t offset : {2, 3, 4}) {
    talk.from_client("x", offset);
    talk.from_server("", 0);
  }
  talk.from_client("b", 1);
  CHECK(talk.last().cause == Cause::FastRetransmission);
  CHECK(talk.recorder.streams[0] == "abxxx");
  REQUIRE(talk.recorder.notes.size() == 1);
  CHECK(talk.recorder.notes[0].cause == Cause::LostBeforeCapture);
}

TEST_CASE("the first copy of a byte wins, and another one is noted") {
  Conversation talk;
  talk.shake_hands();
  talk.from_client("CD", 2);
  talk.from_client("abXYe", 0);
  CHECK(talk.recorder.streams[0] == "abCDe");
  REQUIRE_FALSE(talk.recorder.notes.empty());
  CHECK(talk.recorder.notes.back().cause == Cause::DifferentCopy);
}

TEST_CASE("bytes that the receiver has and the capture lacks are a gap, after a while") {
  Conversation talk;
  talk.shake_hands();
  talk.from_client("ab", 0);
  talk.from_client("ef", 4);
  talk.server_acks(6);
  talk.from_server("", 0);
  talk.wait_ns(2'000'000'000);
  talk.from_server("", 0);
  CHECK(talk.recorder.streams[0] == "ab");
  talk.wait_ns(2'000'000'000);
  talk.from_server("", 0);
  CHECK(talk.recorder.streams[0] == "ab??ef");
  CHECK(talk.recorder.notes.back().cause == Cause::NotCaptured);
}

TEST_CASE("what comes again a second after its acknowledgement is not missing") {
  Conversation talk;
  talk.shake_hands();
  talk.from_client("ab", 0);
  talk.from_client("ef", 4);
  talk.server_acks(6);
  talk.from_server("", 0);
  talk.wait_ns(1'200'000'000);
  talk.from_client("cd", 2);
  CHECK(talk.recorder.streams[0] == "abcdef");
}

TEST_CASE("a hole of which the receiver tells stays open as long as its sender may try") {
  Conversation talk;
  talk.shake_hands();
  talk.from_client("ab", 0);
  talk.from_client("ef", 4);
  talk.server_acks(2);
  talk.from_server("", 0);
  for (int doublings = 0; doublings < 4; ++doublings) {
    talk.wait_ns(120'000'000'000);
    talk.table.tick(500'000'000'000);
  }
  talk.from_client("cd", 2);
  CHECK(talk.recorder.streams[0] == "abcdef");
}

TEST_CASE("a hole in a stream whose receiver is not captured is given up after a minute") {
  Conversation talk;
  talk.from_client("ab", 0);
  talk.from_client("ef", 4);
  talk.wait_ns(50'000'000'000);
  talk.from_client("gh", 6);
  CHECK(talk.recorder.streams[0] == "ab");
  talk.wait_ns(12'000'000'000);
  talk.from_client("ij", 8);
  CHECK(talk.recorder.streams[0] == "ab??efghij");
}

TEST_CASE("a time that one packet alone has does not cost its own connection a hole") {
  Conversation talk;
  talk.shake_hands();
  talk.from_client("ab", 0);
  talk.from_client("ef", 4);
  talk.server_acks(6);
  Packet odd = talk.from_server("", 0);
  odd.time_ns += 3'000'000'000'000;
  talk.table.packet(odd);
  talk.from_client("cd", 2);
  CHECK(talk.recorder.streams[0] == "abcdef");
}

TEST_CASE("a probe of a closed window is no keep-alive") {
  Conversation talk;
  talk.shake_hands();
  talk.from_client("a", 0);
  talk.server_acks(1);
  Packet closed = talk.from_server("", 0);
  closed.tcp.window = 0;
  closed.ip_id++;
  talk.send(closed);
  CHECK(talk.last().cause == Cause::ZeroWindow);
  talk.from_client("", 0);
  CHECK(talk.last().cause == Cause::ZeroWindowProbe);
}

TEST_CASE("what lies before the first byte of a capture is new, and named for what it is") {
  const uint32_t isn = GENERATE(1000u, 0xfffffffau);
  Conversation talk(isn);
  talk.from_client("EF", 4);
  Packet before = talk.from_client("ABCD", 0);
  CHECK(talk.last().cause == Cause::Retransmission);  // it left later
  CHECK(talk.last().before_axis == 4);
  CHECK(talk.last().fresh == 4);
  CHECK(talk.last().range.empty());
  talk.wait_ns(1'000'000'000);
  before.ip_id = 9000;
  talk.send(before);
  CHECK(talk.last().fresh == 0);
  CHECK(talk.last().cause == Cause::Retransmission);  // nobody has acknowledged it
  talk.from_client("CDEFGH", 2);
  CHECK(talk.last().range == ByteRange{0, 4});
  CHECK(talk.last().before_axis == 2);
  CHECK(talk.last().fresh == 2);
  CHECK(talk.recorder.streams[0] == "EFGH");
  talk.table.finish();
  CHECK(talk.recorder.endings.at(0).resent_bytes == 8);
}

TEST_CASE("bytes that were captured behind the first acknowledgement of them are not lost") {
  Conversation talk;
  talk.server_acks(4);
  talk.from_server("", 0);
  talk.from_client("ABCD", 0);
  CHECK(talk.last().cause == Cause::None);
  CHECK(talk.last().before_axis == 0);
  talk.server_acks(6);
  talk.from_client("EF", 4);
  talk.from_server("", 0);
  CHECK(talk.last().ack == 6);
  CHECK(talk.recorder.streams[0] == "ABCDEF");
}

TEST_CASE("before the first byte only what is acknowledged comes in vain") {
  Conversation talk;
  talk.server_acks(4);
  talk.from_server("", 0);
  talk.from_client("EF", 4);
  talk.wait_ns(300'000'000);
  talk.from_client("ABCD", 0);
  CHECK(talk.last().cause == Cause::SpuriousRetransmission);
}

TEST_CASE("a SYN is no tail probe") {
  Conversation talk;
  talk.from_client("", UINT64_MAX, kSyn);
  talk.wait_ns(50'000'000);
  talk.from_client("", UINT64_MAX, kSyn);
  CHECK(talk.last().cause != Cause::TailProbe);
}

TEST_CASE("of a packet whose options were cut off Wireshark says nothing") {
  Conversation talk;
  talk.shake_hands();
  talk.from_client("a", 0);
  Packet closed = talk.from_server("", 0);
  closed.ip_id++;
  closed.tcp.window = 0;
  closed.tcp.options.cut = true;
  talk.send(closed);
  CHECK(talk.last().cause == Cause::ZeroWindow);
  CHECK(talk.last().wireshark.empty());
}

TEST_CASE("text in an RST is no part of the stream") {
  Conversation talk;
  talk.shake_hands();
  talk.from_client("abc", 0);
  talk.from_server("busy", 0, kRst | kAck);
  CHECK(talk.last().range.empty());
  CHECK(talk.last().rst_text == 4);
  CHECK(talk.recorder.streams[1].empty());
}

TEST_CASE("what only asks for an answer, and what the network copied, was not sent again") {
  Conversation talk;
  talk.shake_hands();
  const Packet packet = talk.from_client("abc", 0);
  talk.send(packet);
  CHECK(talk.last().cause == Cause::NetworkDuplicate);
  talk.server_acks(3);
  talk.from_server("", 0);
  talk.wait_ns(5'000'000'000);
  talk.from_client("x", 2);
  CHECK(talk.last().cause == Cause::KeepAlive);
  talk.from_server("", 0);
  talk.table.finish();
  CHECK(talk.recorder.endings[0].resent_bytes == 0);
}

TEST_CASE("a byte that probes a closed window again and again was not sent again") {
  Conversation talk;
  talk.shake_hands();
  Packet closed = talk.from_server("", 0);
  closed.tcp.window = 0;
  closed.ip_id++;
  talk.send(closed);
  for (int probe = 0; probe < 3; ++probe) {
    talk.wait_ns(500'000'000);
    talk.from_client("a", 0);
    CHECK(talk.last().cause == Cause::ZeroWindowProbe);
  }
  talk.table.finish();
  CHECK(talk.recorder.endings[0].resent_bytes == 0);
  CHECK(talk.recorder.streams[0] == "a");
}

TEST_CASE("an acknowledgement with an earlier time than what it acknowledges took a time below 0") {
  Conversation talk;
  talk.shake_hands();
  Packet sent = talk.from_client("abc", 0);
  talk.server_acks(3);
  Packet answer = talk.from_server("", 0);
  answer.tcp.ack += 3;
  sent.tcp.seq += 3;
  sent.ip_id++;
  talk.send(sent);
  answer.ip_id++;
  answer.time_ns = sent.time_ns - 25'000;
  answer.number = 100;
  talk.table.packet(answer);
  CHECK(talk.last().ack_rtt_ns < 0);
  CHECK(talk.last().ack_rtt_ns > -10'000'000);
}

TEST_CASE("any order of segments gives the same stream") {
  const uint32_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    const auto isn = static_cast<uint32_t>(random());
    Conversation talk(isn);
    talk.shake_hands();
    std::string text(200, ' ');
    for (char& c : text) c = static_cast<char>('a' + random() % 26);
    std::vector<size_t> begins;
    for (size_t i = 0; i < text.size(); i += 5) begins.push_back(i);
    std::shuffle(begins.begin(), begins.end(), random);
    for (const size_t begin : begins) {
      const size_t first = begin - std::min<size_t>(begin, random() % 7);
      talk.from_client(text.substr(first, begin + 5 + random() % 9 - first), first);
    }
    REQUIRE(talk.recorder.streams[0] == text);
  }
}
