// SPDX-License-Identifier: Apache-2.0
// A random conversation of two programs over TCP, with all that is true of it: what each call
// moved, where each frame lies, which packet brought each byte first. The same seed, the same talk.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "common/byte_range.h"
#include "inspector/flow/segment.h"
#include "tests/unit/join/replay.h"

namespace wireseam::test {

using Ranges = std::vector<ByteRange>;
using Random = std::mt19937;

// Both ends included.
uint64_t between(Random& random, uint64_t least, uint64_t most);
bool happens(Random& random, double share);

struct TalkPlan {
  uint16_t client_port = 40000;
  uint64_t begin_ns = 1'000'000'000;
  bool client_traced = true;
  bool server_traced = true;
  double lost = 0;          // share of the segments, on either side of the capture
  double reordered = 0;     // share that others overtake
  double not_captured = 0;  // share that arrives unseen
  bool ends_early = false;  // the recording stops in the middle
};

// One direction.
struct MadeStream {
  std::string bytes;  // frames of len32le
  Ranges frames;
  Ranges sends;
  Ranges receives;
  std::vector<uint64_t> carriers;  // of each byte the packet that brought it first; 0: none did
};

struct MadeTalk {
  TalkPlan plan;
  std::array<MadeStream, 2> streams;  // by Direction

  MadeStream& stream(Direction direction) { return streams[static_cast<size_t>(direction)]; }
};

struct MadePacket {
  TimedBytes captured;
  uint16_t client_port = 0;
  Direction direction = Direction::ToServer;
  ByteRange range;
};

// Adds its calls and its packets; the carriers are still to be told by number_packets.
MadeTalk make_talk(const TalkPlan& plan, Random& random, TraceFile& calls,
                   std::vector<MadePacket>& packets);

// Puts the packets of all talks into their order, and tells the talks what each brought.
std::vector<TimedBytes> number_packets(std::vector<MadePacket> packets,
                                       std::vector<MadeTalk>& talks);

}  // namespace wireseam::test
