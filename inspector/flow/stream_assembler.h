// SPDX-License-Identifier: Apache-2.0
// Puts the bytes of one direction into their order. What has its turn is handed on at once and not
// kept; what comes too early is held until the hole before it is filled or given up. The first copy
// of a byte wins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "common/stream_piece.h"

namespace wireseam {

// Takes a stream's bytes, in their order. What it is given is live during the call.
class StreamSink {
 public:
  virtual ~StreamSink() = default;
  virtual void data(const StreamPiece& piece) = 0;
  // These bytes will not come; `packet` is the one that showed that they were there.
  virtual void gap(ByteRange range, uint64_t packet) = 0;
};

// What a range of bytes would bring.
struct Novelty {
  uint64_t fresh = 0;  // bytes that have not been seen
  // Where they lie in a hole: the packet that showed it, and when. Else 0.
  uint64_t hole_packet = 0;
  uint64_t hole_ns = 0;
};
enum class Copies : uint8_t { Agree, Differ };

class StreamAssembler {
 public:
  // `piece.range` may lie anywhere; its bytes are copied where they have to wait.
  // Whether a byte had another value before, as far as it is still held.
  Copies insert(const StreamPiece& piece, StreamSink& sink);

  Novelty novelty(ByteRange range) const;

  // Gives up the first hole, and hands on what was held behind it. Does nothing without a hole.
  void give_up_hole(StreamSink& sink);

  uint64_t next() const { return next_; }  // all before it was handed on, or given up
  uint64_t end() const;                    // behind the last byte seen

  bool has_hole() const { return held_ != nullptr; }
  ByteRange first_hole() const;
  uint64_t hole_ns() const;  // when what is behind the first hole was captured

  // What it has allocated, in bytes, about.
  size_t memory() const { return held_ ? held_->memory : 0; }

 private:
  struct Held {
    uint64_t end = 0;
    uint64_t packet = 0;
    uint64_t time_ns = 0;
    std::vector<std::byte> bytes;
  };
  using Pieces = std::map<uint64_t, Held>;  // by the first byte; they don't overlap
  struct Holding {
    Pieces pieces;
    size_t memory = 0;
  };

  Copies insert_behind_hole(const StreamPiece& piece);
  void hold(const StreamPiece& piece);
  Pieces::iterator first_behind(uint64_t offset) const;
  void release(StreamSink& sink);

  uint64_t next_ = 0;
  std::unique_ptr<Holding> held_;  // none: nothing is held
};

}  // namespace wireseam
