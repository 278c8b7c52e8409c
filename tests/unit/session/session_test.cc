// SPDX-License-Identifier: Apache-2.0
#include "inspector/session/session.h"

#include "inspector/session/dissection.h"
#include "inspector/session/stream_window.h"
#include "tests/unit/catch2.h"
#include "tests/unit/report/exchange.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

constexpr size_t kPlenty = size_t{1} << 30;

struct Filled {
  explicit Filled(size_t memory) : session(memory), exchange(session) {
    exchange.before = [this](const RawPacket& raw) { session.packet(raw); };
  }
  Session session;
  Exchange exchange;
};

}  // namespace

TEST_CASE("a session keeps the connection, its packets and its frames") {
  Filled filled(kPlenty);
  filled.exchange.shake_hands();
  filled.exchange.from_client(kAck, json_frame("{\"total_size\":2}", "hi"));
  const ConnectionRecord* record = filled.session.find_connection(1);
  REQUIRE(record != nullptr);
  CHECK(record->state == "open");
  CHECK(record->segments.size() == 4);
  CHECK(record->half(Direction::ToServer).frames == 1);
  CHECK(filled.session.frames().back().header == "{\"total_size\":2}");
  CHECK(record->framing == "json-header");
}

TEST_CASE("a frame's bytes are gathered from its packets, and each seam is known") {
  Filled filled(kPlenty);
  filled.exchange.shake_hands();
  const std::string frame = json_frame("{\"total_size\":2}", "hi");
  filled.exchange.from_client(kAck, frame.substr(0, 10));
  filled.exchange.from_client(kAck, frame.substr(10));
  const FrameRecord& record = filled.session.frames().back();
  std::string gathered;
  std::string edges;
  for (const StreamByte& byte : gather(filled.session, record.range, record.parts)) {
    gathered += static_cast<char>(byte.value);
    edges += byte.edge ? '|' : '.';
  }
  CHECK(gathered == frame);
  CHECK(edges == "|.........|...........");
}

TEST_CASE("what happened to an earlier packet is put to it") {
  Filled filled(kPlenty);
  filled.exchange.shake_hands();
  filled.exchange.from_client(kAck, "abc");
  filled.exchange.client_sends_again("abc");
  CHECK(is_problem(*filled.session.find_segment(5)));
  CHECK(filled.session.find_connection(1)->problems == 1);
}

TEST_CASE("the oldest details fall away, and counts stay right") {
  constexpr uint64_t kPackets = 20'000;
  Filled filled(size_t{2} << 20);
  filled.exchange.shake_hands();
  for (uint64_t i = 0; i < kPackets; ++i) filled.exchange.from_client(kAck, "0123456789");
  const Session& session = filled.session;
  const ConnectionRecord& record = *session.find_connection(1);
  CHECK(session.totals().packets == kPackets + 3);
  CHECK(record.half(Direction::ToServer).bytes == kPackets * 10);
  CHECK(session.fallen().packets > kPackets / 2);
  CHECK(session.packets().begin() == session.fallen().packets);
  CHECK(session.find_segment(10) == nullptr);
  CHECK(session.find_segment(kPackets) != nullptr);
  CHECK(session.segments().find(record.segments.front()) != nullptr);
}

TEST_CASE("a packet is dissected down to its payload") {
  const std::string bytes = ethernet(kIpv4, ipv4({}, tcp({.seq = 7, .flags = kAck}, "abc")));
  const auto layers = dissect(raw_packet(bytes));
  REQUIRE(layers.size() == 4);
  CHECK(layers[0].title == "Ethernet");
  CHECK(layers[1].title == "IPv4");
  CHECK(layers[2].title == "TCP");
  CHECK(layers[2].range == ByteRange{34, 54});
  CHECK(layers[3].range == ByteRange{54, 57});
  CHECK(text_of(payload_of(raw_packet(bytes))) == "abc");
}

TEST_CASE("a packet that is cut short anywhere is dissected as far as it goes") {
  const std::string bytes = ethernet(kIpv4, ipv4({}, tcp({.seq = 7, .flags = kAck}, "abc")));
  for (size_t size = 0; size <= bytes.size(); ++size) {
    RawPacket raw = raw_packet(bytes);
    raw.bytes = raw.bytes.first(size);
    for (const Layer& layer : dissect(raw)) CHECK(layer.range.end <= size);
  }
}
