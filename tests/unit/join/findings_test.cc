// SPDX-License-Identifier: Apache-2.0
// What is told as a cause: each with what proves it, and with something near that does not.
#include "inspector/join/findings.h"

#include <array>

#include "tests/unit/catch2.h"

using namespace wireseam;

namespace {

constexpr uint64_t kMs = 1'000'000;

// A small send behind a small segment, which left when that was acknowledged.
struct LateSend {
  CallSpan send{.range = {10, 14}, .name = "send", .begin_ns = 100 * kMs, .duration_ns = 1000};
  WireSpan segment{.range = {10, 14},
                   .time_ns = 140 * kMs,
                   .all_acked_ns = 140 * kMs - 1000,
                   .acked_ns = 140 * kMs - 1000,
                   .small = true,
                   .behind_small = true,
                   .before_ns = 99 * kMs,
                   .before_size = 10};

  Hold hold() const {
    Beside beside;
    beside.segments = {&segment, 1};
    return delay_of(send, beside).hold;
  }
};

// The server has sent an RST.
struct ServerReset {
  ServerReset() {
    talk.on_wire = true;
    talk.teardown.rst = {.packet = 9, .time_ns = 50 * kMs, .direction = Direction::ToClient};
    server.state = Party::State::Traced;
    server.begin = {.name = "accept", .begin_ns = kMs};
    server.end = {.name = "close", .begin_ns = 50 * kMs - 1000, .duration_ns = 2000};
  }
  ResetCause cause() const { return reset_of(talk).value_or(Reset{}).cause; }

  Conversation talk;
  Party& server = talk.party(Role::Server);
};

}  // namespace

TEST_CASE("Nagle is what held a small segment until the small one before it was acknowledged") {
  CHECK(LateSend().hold() == Hold::Nagle);
}

TEST_CASE("Nagle is not blamed where it was off, nor for what it does not hold") {
  LateSend off, full, behind_full, shared, unreleased;
  off.send.no_delay = true;
  full.segment.small = false;
  behind_full.segment.behind_small = false;
  shared.send.ambiguous = true;
  unreleased.segment.all_acked_ns = 120 * kMs;
  for (const LateSend& late : {off, full, behind_full, shared, unreleased})
    CHECK(late.hold() == Hold::Unknown);
}

TEST_CASE("A cork is named, and not Nagle, for what waited under it") {
  LateSend late;
  late.send.more = true;
  CHECK(late.hold() == Hold::Cork);
}

TEST_CASE("A window that opens lets a segment go that found too little room") {
  LateSend late;
  late.segment.window_opened_ns = 140 * kMs - 1000;
  CHECK(late.hold() == Hold::Window);
  late.segment.window_opened_ns = 90 * kMs;
  CHECK(late.hold() != Hold::Window);
}

TEST_CASE("SO_SNDBUF is named only of a call that was still being made") {
  LateSend late;
  late.send.no_delay = late.send.has_send_buffer = true;
  CHECK(late.hold() == Hold::Unknown);
  late.send.duration_ns = 41 * kMs;
  CHECK(late.hold() == Hold::SendBuffer);
}

TEST_CASE(
    "What held a segment most of the time is named, though its sender had to be scheduled then") {
  LateSend late;
  late.send.has_send_buffer = true;
  late.send.duration_ns = 41 * kMs;
  late.segment.acked_ns = late.segment.all_acked_ns = 121 * kMs;
  CHECK(late.hold() == Hold::SendBuffer);
  late.segment.acked_ns = late.segment.all_acked_ns = 119 * kMs;
  CHECK(late.hold() == Hold::Unknown);
}

TEST_CASE("Of several segments that were late that which waited longest says why") {
  LateSend late;
  late.send.range.end = 18;
  late.send.no_delay = true;
  std::array<WireSpan, 3> segments{late.segment, late.segment, late.segment};
  segments[0].time_ns = 103 * kMs;
  segments[0].acked_ns = 0;
  segments[1].before_ns = 103 * kMs;
  segments[1].window_opened_ns = 140 * kMs - 1000;
  segments[2].before_ns = 140 * kMs;
  segments[2].time_ns = 145 * kMs;
  Beside beside;
  beside.segments = segments;
  CHECK(delay_of(late.send, beside).hold == Hold::Window);
  beside.segments = {segments.data(), 1};
  CHECK(delay_of(late.send, beside).hold == Hold::Unknown);
}

TEST_CASE("Pacing is named only where its rate explains the time that passed") {
  LateSend late;
  late.send.pacing_rate = 250;  // 10 bytes in 40 ms
  late.segment.burst_size = 10;
  CHECK(late.hold() == Hold::Pacing);
  late.send.pacing_rate = 1'000'000;
  CHECK(late.hold() == Hold::Unknown);
  late.segment.burst_size = 40'000;  // one that the interface cut
  CHECK(late.hold() == Hold::Pacing);
  late.send.pacing_rate = 120;  // the kernel takes half of the time for granted
  late.segment.burst_size = 10;
  CHECK(late.hold() == Hold::Pacing);
}

TEST_CASE("A receive that waits for more than there is says which rule made it") {
  CallSpan receive{
      .range = {0, 20}, .name = "recv", .begin_ns = 10 * kMs, .duration_ns = 40 * kMs, .room = 20};
  const std::array<WireSpan, 2> segments{
      WireSpan{.range = {0, 10}, .time_ns = 12 * kMs},
      WireSpan{.range = {10, 20}, .time_ns = 50 * kMs - 1000},
  };
  Beside beside;
  beside.segments = segments;
  CHECK(wait_of(receive, beside) == Wait::None);
  receive.low_water = 15;
  CHECK(wait_of(receive, beside) == Wait::LowWater);
  receive.low_water = 5;
  CHECK(wait_of(receive, beside) == Wait::None);
  receive.waits_for_all = true;
  CHECK(wait_of(receive, beside) == Wait::All);
  receive.begin_ns = 50 * kMs - 500;  // it came when all was there
  receive.duration_ns = 1000;
  CHECK(wait_of(receive, beside) == Wait::None);
}

TEST_CASE("Where clocks differ a wait is below zero, and not none") {
  LateSend early;
  early.segment.time_ns = early.send.begin_ns - 3000;
  Beside beside;
  beside.segments = {&early.segment, 1};
  CHECK(delay_of(early.send, beside).last_ns == -3000);
  CallSpan receive{.range = {10, 14}, .name = "recv", .begin_ns = 90 * kMs, .duration_ns = kMs};
  CHECK(queued_ns(receive, beside) == -9 * int64_t{kMs} + 3000);
  Conversation talk;
  talk.handshake.state = HandshakeState::Complete;
  talk.handshake.ack = {.packet = 3, .time_ns = 20 * kMs};
  talk.party(Role::Server).begin = {.name = "accept", .begin_ns = kMs, .duration_ns = kMs};
  CHECK_FALSE(backlog_ns(talk));
}

TEST_CASE("Unread bytes are why there was an RST only by the kernel's count") {
  ServerReset reset;
  CHECK(reset.cause() == ResetCause::Unknown);
  reset.server.end.unread = 0;
  CHECK(reset.cause() == ResetCause::Unknown);
  reset.server.end.unread = 7;
  CHECK(reset.cause() == ResetCause::Unread);
  CHECK(discarder(reset.talk) == Role::Server);
}

TEST_CASE("SO_LINGER is why an RST came with the close, and not with another moment") {
  ServerReset reset;
  reset.server.options.resets_at_close = true;
  CHECK(reset.cause() == ResetCause::Linger);
  reset.server.end.begin_ns = 10 * kMs;
  CHECK(reset.cause() == ResetCause::Unknown);
}

TEST_CASE("Bytes that come after a close or a full shutdown are answered with an RST") {
  ServerReset reset;
  reset.server.end.begin_ns = 10 * kMs;
  reset.talk.newest_data_ns[0] = 50 * kMs - 1000;
  CHECK(reset.cause() == ResetCause::DataAtClosed);
  reset.server.end = {};
  CHECK(reset.cause() == ResetCause::Unknown);
  reset.server.shutdown = {.name = "shutdown", .begin_ns = 10 * kMs, .how = "SHUT_WR"};
  CHECK(reset.cause() == ResetCause::Unknown);
  reset.server.shutdown.how = "SHUT_RDWR";
  CHECK(reset.cause() == ResetCause::DataAtShut);
  reset.talk.newest_data_ns[0] = 9 * kMs;
  CHECK(reset.cause() == ResetCause::Unknown);
}

TEST_CASE("Only what accept returned, of a listener that defers nothing, was in the backlog") {
  Conversation talk;
  talk.handshake.state = HandshakeState::Complete;
  talk.handshake.ack.packet = 3;
  talk.handshake.ack.time_ns = 10 * kMs;
  Party& server = talk.party(Role::Server);
  server.begin = {.name = "accept4", .begin_ns = 15 * kMs};
  CHECK(backlog_ns(talk) == 5 * kMs);
  server.options.defers_accept = true;
  CHECK_FALSE(backlog_ns(talk));
  server.options = {};
  server.begin.name = "connect";  // both sides connected (RFC 9293, 3.5)
  CHECK_FALSE(backlog_ns(talk));
}
