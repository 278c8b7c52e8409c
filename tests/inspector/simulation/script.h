// SPDX-License-Identifier: Apache-2.0
// What a simulated connection is to do: its ends, its network, and where the capture is taken.
#pragma once

#include <cstdint>
#include <vector>

namespace wireseam::test {

inline constexpr uint64_t kMicrosecond = 1'000;
inline constexpr uint64_t kMillisecond = 1'000'000;
inline constexpr uint64_t kSecond = 1'000'000'000;

// How a stack numbers its packets. Without any, the connection speaks IPv6.
enum class IpIds : uint8_t { Counter, Random, Zero, None };

enum class Closing : uint8_t {
  Fin,           // at `close_ns`, or when all is written
  FinAfterPeer,  // when the other end has closed
  Rst,           // at `close_ns`, whatever is under way
  Never,
};

struct Write {
  uint64_t time_ns = 0;
  uint32_t size = 0;
};

struct EndScript {
  uint32_t isn = 1000;
  uint16_t mss = 1448;
  uint16_t first_ip_id = 1;
  IpIds ip_ids = IpIds::Counter;
  bool timestamps = true;
  bool sack = true;
  uint8_t window_shift = 7;
  uint32_t receive_buffer = 256 << 10;
  uint32_t most_in_flight = 20;  // segments
  uint64_t reads_from_ns = 0;    // until then nothing leaves the receive buffer
  uint64_t keep_alive_ns = 0;    // 0: none are sent
  std::vector<Write> writes;     // ordered by time
  Closing closing = Closing::FinAfterPeer;
  uint64_t close_ns = 0;
};

// One way through one stretch of the network; the fates are shares of the packets.
struct Path {
  uint64_t delay_ns = 5 * kMillisecond;
  double lost = 0;
  double duplicated = 0;
  double delayed = 0;  // so that those sent later overtake it
  uint64_t most_extra_ns = 3 * kMillisecond;
};

enum class Opening : uint8_t {
  Usual,
  Simultaneous,
  Refused,
  NoAnswer,  // the server's end is not there
  HalfOpen,  // the client is gone when the answer comes
};

struct Script {
  uint64_t seed = 1;
  uint16_t client_port = 40000;
  Opening opening = Opening::Usual;
  EndScript client;
  EndScript server;
  // The capture is taken between the two; each is used both ways.
  Path client_side;
  Path server_side;
  double not_captured = 0;  // share of what passes the place of the capture
  uint64_t last_ns = 120 * kSecond;
};

}  // namespace wireseam::test
