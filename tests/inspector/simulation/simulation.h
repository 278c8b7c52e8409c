// SPDX-License-Identifier: Apache-2.0
// Plays a script and gives back what a capture between its ends would have, with the truth about
// each packet, which the engine must find out. No clock but its own; the same seed, the same
// result.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/byte_range.h"
#include "inspector/flow/segment.h"
#include "tests/inspector/simulation/script.h"

namespace wireseam::test {

// Why a sender sent a packet.
enum class Reason : uint8_t { First, TimeOut, Fast, TailProbe, Probe };

// What is true of a captured packet.
struct PacketTruth {
  Direction direction = Direction::ToServer;
  uint64_t transmission = 0;  // counts its sender's packets from 1; the network's copies share it
  Reason reason = Reason::First;
  bool known_received = false;  // an acknowledgement of all of it had been captured
  uint16_t flags = 0;
  ByteRange payload;  // offsets in its stream
};

struct CapturedPacket {
  uint64_t time_ns = 0;
  std::string bytes;  // from the Ethernet header on
  PacketTruth truth;
};

struct Simulated {
  std::vector<CapturedPacket> packets;
  uint64_t written[2] = {0, 0};   // by Direction: bytes handed to the sender
  uint64_t received[2] = {0, 0};  // bytes that arrived in order
};

Simulated simulate(const Script& script);

// The byte at an offset of a stream: each test can tell it from its neighbours'.
std::byte stream_byte(Direction direction, uint64_t offset);

}  // namespace wireseam::test
