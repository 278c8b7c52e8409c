// SPDX-License-Identifier: Apache-2.0
// A frame of one direction of a stream: where it lies, and which packets carried it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "common/byte_range.h"
#include "common/framing/cut_result.h"

namespace wireseam {

// The part of a frame that one packet brought; where the capture cut the packet short, with what it
// lacks.
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
  uint64_t missing = 0;  // bytes that the capture lacks
  // What stands before the body, as far as it is kept: of a json-header the JSON text.
  Bytes header;
  // In the order of the bytes, each packet once; or twice, if another's bytes lie between its own.
  std::span<const FramePart> parts;
  uint64_t parts_left_out = 0;  // how many more there were, behind the first kMaxFrameParts
};

inline constexpr size_t kMaxFrameParts = 1024;

enum class UndecodedCause : uint8_t {
  Malformed,     // no frame begins at its first byte
  BytesMissing,  // the capture lacks what tells where frames begin
  Unfinished,    // the stream ended within a frame
};

// Bytes in which no frame was found.
struct Undecoded {
  ByteRange range;
  UndecodedCause cause = UndecodedCause::Malformed;
  Malformed reason{};       // of its first byte, if that is the cause; counts from range.begin
  uint64_t frame_size = 0;  // of an unfinished frame; 0: not known
};

// Why there was no frame, in words.
std::string to_string(const Undecoded& undecoded);

// Takes what is found, in the order of the bytes. What it is given is live during the call.
class FrameSink {
 public:
  virtual ~FrameSink() = default;
  virtual void frame(const Frame& frame) = 0;
  virtual void undecoded(const Undecoded& undecoded) = 0;
};

}  // namespace wireseam
