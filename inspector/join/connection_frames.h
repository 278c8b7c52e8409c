// SPDX-License-Identifier: Apache-2.0
// The frames of one TCP connection: finds out or is told its framing, cuts both directions, counts
// how frames and segments lie in each other. There is one for each connection that has sent data,
// so what is not needed by all of them is allocated when it is.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "inspector/flow/connection.h"
#include "inspector/frame/frame_tracker.h"
#include "inspector/frame/framing_detector.h"
#include "inspector/frame/framing_rules.h"
#include "inspector/frame/seams.h"

namespace wireseam {

// Takes what is found in either direction. What it is given is live during the call.
class FramesSink {
 public:
  virtual ~FramesSink() = default;
  virtual void frame(Direction direction, const Frame& frame) = 0;
  virtual void undecoded(Direction direction, const Undecoded& undecoded) = 0;
  // How the frames lie in the bytes that this packet brought.
  virtual void seams(Direction direction, uint64_t packet, const Seams& seams) = 0;
};

class ConnectionFrames {
 public:
  // `rules` must outlive it.
  // `begun_before`: directions of which the beginning was not seen.
  ConnectionFrames(uint16_t client_port, uint16_t server_port, std::array<bool, 2> begun_before,
                   const FramingRules& rules);

  // The next bytes of a direction, or those that will never come.
  void data(Direction direction, const StreamPiece& piece, FramesSink& sink);
  void gap(Direction direction, ByteRange missing, FramesSink& sink);
  // No more will come. To be called once, at last.
  void end(FramesSink& sink);

  // Whether frames of that direction are still to come.
  bool expects(Direction direction) const { return detector_ != nullptr || is_cut(direction); }
  // Null: not known so far.
  const Framing* framing() const { return framing_; }
  // Why it is this one, in words.
  std::string reason() const;
  // None: no frames so far.
  std::optional<SeamCounts> seams(Direction direction) const;
  uint64_t undecoded_bytes(Direction direction) const;

 private:
  struct Half {
    FrameTracker tracker;
    SeamCounter seams;
    uint64_t undecoded_bytes = 0;
  };
  class Receiver;

  bool is_cut(Direction direction) const {
    return framing_ != nullptr && framing_->shape.kind != ShapeKind::Raw &&
           framed_[static_cast<size_t>(direction)];
  }
  void choose(const FramingChoice& choice, FramesSink& sink);
  void cut(Direction direction, const StreamPiece& piece, FramesSink& sink);
  Half& half(Direction direction, uint64_t begin);

  const Framing* framing_ = nullptr;
  std::unique_ptr<FramingDetector> detector_;  // as long as it is not known
  // By Direction:
  std::array<std::unique_ptr<Half>, 2> halves_;  // from the first bytes to be cut on
  std::array<bool, 2> begun_before_;             // the capture lacks the stream's beginning
  std::array<bool, 2> framed_{true, true};       // or else its bytes are in no frames
  bool detected_ = false;                        // or else asked for
  FramingGrounds grounds_;                       // of what was detected
};

// How frames and segments of a direction lie in each other, whatever its transport: a datagram is a
// frame and a segment. `frames` is null where no data of TCP was seen. None: no frames so far.
std::optional<SeamCounts> seams_of(const Connection& connection, const ConnectionFrames* frames,
                                   Direction direction);

}  // namespace wireseam
