// SPDX-License-Identifier: Apache-2.0
// The engine's answer to a simulated capture, kept for comparison with the truth.
#pragma once

#include <span>
#include <vector>

#include "inspector/flow/flow_table.h"
#include "tests/inspector/judged_causes.h"

namespace wireseam::test {

// What the engine says of one connection, and whether its bytes are the stream's.
struct Analysis {
  std::vector<Segment> segments;  // one for each packet
  std::vector<LateNote> notes;
  std::vector<ByteRange> gaps[2];  // by Direction
  uint64_t ends[2] = {0, 0};       // of the bytes handed on and the gaps
  uint64_t wrong_bytes = 0;        // that have another value than stream_byte() has
  uint64_t out_of_order = 0;       // pieces that don't follow on the one before
  uint64_t connections = 0;
  Handshake handshake;
  Teardown teardown;
};

Analysis analyse(std::span<const CapturedPacket> packets);

Confusion confusion_of(std::span<const CapturedPacket> packets, const Analysis& analysis);

// What lies before the last byte or the FIN captured, and no packet brought.
std::vector<ByteRange> not_captured(std::span<const CapturedPacket> packets, Direction direction);

}  // namespace wireseam::test
