// SPDX-License-Identifier: Apache-2.0
// How simulated connections begin and end, and what else they do but send: handshakes, closes,
// windows and keep-alives.
#include <algorithm>

#include "tests/inspector/analysis.h"
#include "tests/unit/catch2.h"

using namespace wireseam;
using namespace wireseam::test;

namespace {

Script small_script() {
  Script script;
  script.client.writes = {{30 * kMillisecond, 5'000}};
  script.server.writes = {{60 * kMillisecond, 3'000}};
  script.client.closing = Closing::Fin;
  script.client.close_ns = 300 * kMillisecond;
  return script;
}

Analysis analysis_of(const Script& script) { return analyse(simulate(script).packets); }

size_t count(const Analysis& analysis, Cause cause) {
  return static_cast<size_t>(std::ranges::count(analysis.segments, cause, &Segment::cause));
}

}  // namespace

TEST_CASE("a usual connection is complete, and closed by both sides") {
  const Analysis analysis = analysis_of(small_script());
  CHECK(analysis.handshake.state == HandshakeState::Complete);
  CHECK(analysis.teardown.state == CloseState::Closed);
  CHECK(analysis.teardown.fin(Direction::ToServer).packet <
        analysis.teardown.fin(Direction::ToClient).packet);
  CHECK(analysis.teardown.fin(Direction::ToServer).offset == 5'000);
  CHECK(analysis.teardown.fin(Direction::ToClient).offset == 3'000);
  CHECK(analysis.ends[0] == 5'000);
  CHECK(analysis.ends[1] == 3'000);
}

TEST_CASE("both round trips of the handshake are measured where the capture was taken") {
  Script script = small_script();
  script.client_side.delay_ns = 2 * kMillisecond;
  script.server_side.delay_ns = 7 * kMillisecond;
  const Analysis analysis = analysis_of(script);
  CHECK(analysis.handshake.server_rtt_ns() == 14 * kMillisecond);
  CHECK(analysis.handshake.client_rtt_ns() == 4 * kMillisecond);
}

TEST_CASE("who closes first is known, be it the server or both at once") {
  Script script = small_script();
  script.client.closing = Closing::FinAfterPeer;
  script.server.closing = Closing::Fin;
  script.server.close_ns = 200 * kMillisecond;
  const Analysis server_first = analysis_of(script);
  CHECK(server_first.teardown.state == CloseState::Closed);
  CHECK(server_first.teardown.fin(Direction::ToClient).packet <
        server_first.teardown.fin(Direction::ToServer).packet);

  script.client.closing = Closing::Fin;
  script.client.close_ns = script.server.close_ns;
  const Analysis at_once = analysis_of(script);
  CHECK(at_once.teardown.state == CloseState::Closed);
}

TEST_CASE("bytes that come behind the other side's FIN are part of the stream") {
  Script script = small_script();
  script.client.close_ns = 40 * kMillisecond;
  script.server.closing = Closing::Fin;
  script.server.close_ns = 500 * kMillisecond;
  script.server.writes = {{200 * kMillisecond, 20'000}};
  const Analysis analysis = analysis_of(script);
  CHECK(analysis.teardown.state == CloseState::Closed);
  CHECK(analysis.ends[1] == 20'000);
  CHECK(analysis.gaps[1].empty());
}

TEST_CASE("a connection that one side never closes stays half-closed") {
  Script script = small_script();
  script.server.closing = Closing::Never;
  CHECK(analysis_of(script).teardown.state == CloseState::HalfClosed);
}

TEST_CASE("a connection that nobody closes stays open") {
  Script script = small_script();
  script.client.closing = Closing::Never;
  CHECK(analysis_of(script).teardown.state == CloseState::Open);
}

TEST_CASE("an RST in the middle of a stream tells how much it threw away") {
  Script script = small_script();
  script.client_side.delay_ns = 10 * kMicrosecond;
  script.server_side.delay_ns = 10 * kMillisecond;
  script.client.most_in_flight = 10;
  script.client.writes = {{100 * kMillisecond, 14'480}};
  script.server.writes.clear();
  // The first of ten segments under way has arrived when the server resets.
  script.server.closing = Closing::Rst;
  script.server.close_ns = 105 * kMillisecond;
  const Analysis analysis = analysis_of(script);
  CHECK(analysis.teardown.state == CloseState::Reset);
  CHECK(analysis.teardown.rst.direction == Direction::ToClient);
  CHECK(analysis.teardown.rst.discarded == 14'480);
}

TEST_CASE("a SYN that is answered by an RST was refused") {
  Script script = small_script();
  script.opening = Opening::Refused;
  const Analysis analysis = analysis_of(script);
  CHECK(analysis.handshake.state == HandshakeState::Refused);
  CHECK(analysis.teardown.state == CloseState::Reset);
}

TEST_CASE("a SYN without an answer is sent again and again") {
  Script script = small_script();
  script.opening = Opening::NoAnswer;
  const Analysis analysis = analysis_of(script);
  CHECK(analysis.handshake.state == HandshakeState::SynSent);
  CHECK(analysis.handshake.syns == analysis.segments.size());
  CHECK(count(analysis, Cause::Retransmission) == analysis.segments.size() - 1);
}

TEST_CASE("a handshake whose client is gone stays half-open") {
  Script script = small_script();
  script.opening = Opening::HalfOpen;
  const Analysis analysis = analysis_of(script);
  CHECK(analysis.handshake.state == HandshakeState::SynReceived);
  CHECK(analysis.handshake.syn_acks > 1);
}

TEST_CASE("two SYNs that cross make one connection") {
  Script script = small_script();
  script.opening = Opening::Simultaneous;
  const Analysis analysis = analysis_of(script);
  CHECK(analysis.connections == 1);
  CHECK(analysis.handshake.state == HandshakeState::Simultaneous);
  CHECK(analysis.ends[0] == 5'000);
  CHECK(analysis.ends[1] == 3'000);
}

TEST_CASE("a receiver that does not read closes its window, and opens it") {
  Script script = small_script();
  script.client.writes = {{30 * kMillisecond, 100'000}};
  script.client.close_ns = 20 * kSecond;
  script.server.receive_buffer = 20'000;
  script.server.reads_from_ns = 3 * kSecond;
  const Analysis analysis = analysis_of(script);
  CHECK(count(analysis, Cause::ZeroWindow) > 0);
  CHECK(count(analysis, Cause::ZeroWindowProbe) > 0);
  CHECK(count(analysis, Cause::ZeroWindowProbeAck) > 0);
  CHECK(count(analysis, Cause::WindowUpdate) > 0);
  CHECK(analysis.ends[0] == 100'000);
}

TEST_CASE("a silent connection is kept alive") {
  Script script = small_script();
  script.client.keep_alive_ns = 2 * kSecond;
  script.client.close_ns = 10 * kSecond;
  const Analysis analysis = analysis_of(script);
  CHECK(count(analysis, Cause::KeepAlive) > 0);
  CHECK(count(analysis, Cause::KeepAlive) == count(analysis, Cause::KeepAliveAck));
}

TEST_CASE("bytes that the capture lacks are gaps, exactly") {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    Script script = small_script();
    script.seed = seed;
    script.client.writes = {{30 * kMillisecond, 300'000}};
    script.not_captured = 0.03;
    const Simulated simulated = simulate(script);
    const Analysis analysis = analyse(simulated.packets);
    CHECK(analysis.wrong_bytes == 0);
    CHECK(analysis.gaps[0] == not_captured(simulated.packets, Direction::ToServer));
    CHECK(count(analysis, Cause::Retransmission) == 0);
  }
}
