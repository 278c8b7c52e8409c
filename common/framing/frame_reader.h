// SPDX-License-Identifier: Apache-2.0
// Reads frames from a stream that arrives in pieces of any size. Does no I/O: it is fed. Keeps no
// more than the beginning of the frame at hand (its header, or the line so far), so its memory is
// bounded by what has arrived and by the framing's limits, never by what a peer announces.
#pragma once

#include <vector>

#include "common/framing/framing.h"

namespace wireseam {

// A frame has begun. `header` is what stands before its body, and remains live until the next call
// of next().
struct FrameBegin {
  FrameExtent extent;
  Bytes header;
};

// A part of the body; remains live until the next call of next().
struct BodyPiece {
  Bytes bytes;
};

// The frame that had begun is whole.
struct FrameEnd {};

using FrameEvent = std::variant<NeedMore, FrameBegin, BodyPiece, FrameEnd, Malformed>;

class FrameReader {
 public:
  explicit FrameReader(const Framing& framing, Place place = Place::Start);

  // Hands in what arrived next; only when next() has answered NeedMore, or at first. `piece` must
  // remain live until next() has answered so again.
  void feed(Bytes piece);

  // What the pieces so far tell, one event a call. Malformed, whose offset counts from the stream's
  // first byte, is final.
  FrameEvent next();

  // Whether the stream may end here: not in the middle of a frame.
  bool at_boundary() const { return state_ == State::Header && held_.empty() && piece_.empty(); }

 private:
  enum class State : uint8_t { Header, Body, Failed };

  FrameEvent read_header();
  FrameEvent read_body();
  FrameEvent begin(const FrameExtent& extent, Bytes window);
  void hold(uint64_t size);
  Bytes take(uint64_t size);

  Framing framing_;
  Place place_;
  State state_ = State::Header;
  Bytes piece_;                  // what is left of the piece that was fed
  std::vector<std::byte> held_;  // the beginning of a frame whose header came in several pieces
  Bytes held_rest_;              // what of held_ lies behind the header
  FrameExtent extent_;
  uint64_t position_ = 0;  // of the frame at hand in the stream
  uint64_t left_ = 0;      // of the frame's body and trailer
  Malformed flaw_;
};

}  // namespace wireseam
