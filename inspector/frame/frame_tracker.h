// SPDX-License-Identifier: Apache-2.0
// Cuts one direction of a connection into frames while its bytes arrive, and says which packets
// carried each. Where no frame can be made out it looks for the next one (resync.cc).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "common/framing/framing.h"
#include "common/stream_piece.h"
#include "inspector/frame/held_bytes.h"
#include "inspector/frame/open_frame.h"
#include "inspector/frame/resync.h"
#include "inspector/frame/seams.h"

namespace wireseam {

// Small while nothing is held, since there are two for each connection. Holds an unfinished header
// (or line) as long as the framing lets it be, at most kSearchReach and a packet while it searches,
// and never a body.
class FrameTracker {
 public:
  // `framing` must remain live. A stream whose beginning was missed is at Place::Middle: its first
  // frame is then searched for. `begin` is where the first piece begins.
  explicit FrameTracker(const Framing& framing, Place place = Place::Start, uint64_t begin = 0);

  // The next bytes. Each frame is reported as soon as its last byte is there. How they lie in the
  // frames is answered as far as it is known now: what a search finds later is not in it.
  // The framing `raw` finds no frames and reports nothing.
  Seams data(const StreamPiece& piece, FrameSink& sink);

  // The next bytes will never come.
  void gap(ByteRange missing, FrameSink& sink);

  // No more will come at all. To be called once, at last.
  void end(FrameSink& sink);

  uint64_t frames() const { return frames_; }  // so far
  size_t memory() const;                       // allocated besides itself, in bytes, about

 private:
  // Where and why the bytes began to be undecoded.
  struct Lost {
    explicit Lost(uint64_t offset) : begin(offset), search(offset) {}
    Lost(uint64_t offset, const Malformed& malformed)
        : begin(offset), cause(UndecodedCause::Malformed), reason(malformed), search(offset + 1) {}

    uint64_t begin;
    UndecodedCause cause = UndecodedCause::BytesMissing;
    Malformed reason{};
    Search search;
  };
  // What one call works on.
  struct Turn {
    FrameSink& sink;
    uint64_t begin = 0;  // of the piece
    Seams seams{};
    Continuation continuation = Continuation::Expected;
  };

  bool is_within_frame() const {
    return open_ != nullptr || (held_ != nullptr && lost_ == nullptr);
  }
  Bytes continue_open(const FramePart& part, Bytes bytes, Turn& turn);
  void finish_open(Turn& turn);
  void take(const FramePart& part, Bytes bytes, Turn& turn);
  void cut_held(Turn& turn);
  void count_held(Turn& turn);
  void cut_all(const Window& window, Turn& turn);
  bool cut_next(const Window& window, Turn& turn);
  void report(const FrameExtent& extent, const Window& window, Turn& turn);
  void report_whole(const FrameExtent& extent, const Window& window, Turn& turn);
  void open(const FrameExtent& extent, const Window& window, Turn& turn);
  bool search(const Window& window, Turn& turn);
  void lose(Lost lost);
  void settle(Turn& turn);
  void skip(ByteRange missing, const FramePart* carrier, Turn& turn);
  void skip_fixed(ByteRange missing, const FramePart* carrier, Turn& turn);
  void lose_bytes(ByteRange missing, Turn& turn);
  void report_undecoded(uint64_t end, Turn& turn);

  const Framing* framing_;
  uint64_t at_;    // where the next frame begins, or the search has come to
  uint64_t next_;  // where the next piece begins
  uint64_t frames_ = 0;
  uint64_t seen_ = 0;  // bytes from at_ on that were answered with NeedMore
  // Each is there while it applies: bytes from at_ on that wait for more; a frame whose body is not
  // whole; alignment lost.
  std::unique_ptr<HeldBytes> held_;
  std::unique_ptr<OpenFrame> open_;
  std::unique_ptr<Lost> lost_;
  Place place_;
};

}  // namespace wireseam
