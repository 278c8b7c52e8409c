// SPDX-License-Identifier: Apache-2.0
// In which order packets left their sender, where no IP ID tells.
#include "inspector/flow/send_order.h"

#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

constexpr auto kInSequence = true;
constexpr auto kBehind = false;

Packet ack_of(uint32_t ack) {
  Packet packet;
  packet.tcp.flags = kAck;
  packet.tcp.ack = ack;
  return packet;
}

Packet at_tick(Packet packet, uint32_t tick) {
  packet.tcp.options.has_timestamps = true;
  packet.tcp.options.ts_value = tick;
  return packet;
}

Packet data_at(uint32_t seq, uint32_t tick) {
  Packet packet = at_tick(ack_of(1), tick);
  packet.tcp.seq = seq;
  packet.payload_length = 10;
  return packet;
}

}  // namespace

TEST_CASE("what acknowledges less was sent before, by any clock") {
  SendOrder order;
  order.place(ack_of(100), kBehind);
  CHECK(order.place(ack_of(90), kBehind) == Order::Older);
  CHECK(order.place(ack_of(100), kBehind) == Order::Unknown);
  order.place(at_tick(ack_of(110), 5), kBehind);
  CHECK(order.place(at_tick(ack_of(105), 5), kBehind) == Order::Older);
}

TEST_CASE("a reset may acknowledge what it likes") {
  SendOrder order;
  order.place(ack_of(100), kBehind);
  Packet reset = ack_of(90);
  reset.tcp.flags |= kRst;
  CHECK(order.place(reset, kBehind) == Order::Unknown);
}

TEST_CASE("an old ACK that was seen before is a copy of it") {
  SendOrder order;
  order.place(at_tick(ack_of(100), 1), kBehind);
  order.place(at_tick(ack_of(110), 2), kBehind);
  CHECK(order.place(at_tick(ack_of(100), 1), kBehind) == Order::Same);
}

TEST_CASE("ACKs that say the same within a tick may be two") {
  SendOrder order;
  order.place(at_tick(ack_of(100), 1), kBehind);
  CHECK(order.place(at_tick(ack_of(100), 1), kBehind) == Order::Together);
}

TEST_CASE("a copy of data is known a hundred packets later") {
  SendOrder order;
  for (uint32_t number = 0; number < 100; ++number)
    order.place(data_at(1000 + 10 * number, number / 10), kInSequence);
  CHECK(order.place(data_at(1000, 0), kBehind) == Order::Same);
  CHECK(order.place(data_at(1000, 10), kBehind) == Order::Newer);
}

TEST_CASE("without a clock the age of a copy is what can be told") {
  SendOrder order;
  Packet packet = ack_of(1);
  packet.payload_length = 10;
  packet.time_ns = 5'000'000;
  order.place(packet, kInSequence);
  CHECK(order.copy_age_ns() == SendOrder::kNoCopy);
  packet.time_ns = 7'000'000;
  CHECK(order.place(packet, kBehind) == Order::Unknown);
  CHECK(order.copy_age_ns() == 2'000'000);
  packet.tcp.ack = 2;
  order.place(packet, kBehind);
  CHECK(order.copy_age_ns() == SendOrder::kNoCopy);
}
