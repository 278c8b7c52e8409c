// SPDX-License-Identifier: Apache-2.0
// A frame of one direction of a stream: where it lies, and which packets carried it.
#pragma once

#include <cstdint>
#include <span>

#include "common/byte_range.h"
#include "common/framing/cut_result.h"

namespace wireseam {

// The part of a frame that one packet brought.
struct FramePart {
  ByteRange range;  // on the stream's axis
  uint64_t packet = 0;
  uint64_t time_ns = 0;
};

struct Frame {
  uint64_t number = 0;  // counts from 1 in its direction
  ByteRange range;
  ByteRange body;
  uint64_t first_ns = 0;  // when the first and the last of its bytes were captured
  uint64_t last_ns = 0;
  uint64_t missing = 0;  // bytes of the body that the capture lacks
  // What stands before the body, as far as it is kept: of a json-header the JSON text.
  Bytes header;
  // In the order of the bytes, each packet once.
  std::span<const FramePart> parts;
};

// Bytes in which no frame was found.
struct Undecoded {
  ByteRange range;
  Malformed reason;  // of its first byte; its offset counts from range.begin
};

// Takes what is found, in the order of the bytes. What it is given is live during the call.
class FrameSink {
 public:
  virtual ~FrameSink() = default;
  virtual void frame(const Frame& frame) = 0;
  virtual void undecoded(const Undecoded& undecoded) = 0;
};

}  // namespace wireseam
