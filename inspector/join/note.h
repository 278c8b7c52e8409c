// SPDX-License-Identifier: Apache-2.0
// Something to be told of one packet: what happened to it, what Wireshark calls it, or both.
#pragma once

#include <cstdint>

#include "inspector/flow/flow_sink.h"

namespace wireseam {

struct Note {
  uint64_t packet = 0;
  uint64_t time_ns = 0;  // when it became known: a later packet may have shown it
  Direction direction = Direction::ToServer;
  Cause cause = Cause::None;
  WiresharkNames wireshark;
  ByteRange range;              // the packet's bytes; or those that the cause is about
  uint64_t fresh = 0;           // how many of the packet's bytes had not been seen
  uint32_t duplicate_acks = 0;  // the how manieth in a row
  uint32_t before_axis = 0;     // how many of the packet's bytes lie before offset 0
};

// Whether there is anything to be told.
inline bool is_notable(const Segment& segment) {
  return segment.cause != Cause::None || !segment.wireshark.empty();
}

inline Note note_of(const Segment& segment) {
  const ByteRange range = segment.about.empty() ? segment.range : segment.about;
  return {segment.packet, segment.time_ns,        segment.direction,
          segment.cause,  segment.wireshark,      range,
          segment.fresh,  segment.duplicate_acks, segment.before_axis};
}

inline Note note_of(const LateNote& late) {
  return {.packet = late.packet,
          .time_ns = late.time_ns,
          .direction = late.direction,
          .cause = late.cause,
          .wireshark = {},
          .range = late.about};
}

}  // namespace wireseam
