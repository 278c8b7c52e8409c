// SPDX-License-Identifier: Apache-2.0
#include "inspector/join/connection_frames.h"

namespace wireseam {

// Counts what a tracker reports, and says in which direction that was.
class ConnectionFrames::Receiver final : public FrameSink {
 public:
  Receiver(Half& half, Direction direction, FramesSink& sink)
      : half_(half), direction_(direction), sink_(sink) {}

  void frame(const Frame& frame) override {
    half_.seams.add(frame);
    sink_.frame(direction_, frame);
  }
  void undecoded(const Undecoded& undecoded) override {
    half_.undecoded_bytes += undecoded.range.size();
    sink_.undecoded(direction_, undecoded);
  }

 private:
  Half& half_;
  Direction direction_;
  FramesSink& sink_;
};

ConnectionFrames::ConnectionFrames(uint16_t client_port, uint16_t server_port,
                                   std::array<bool, 2> begun_before, const FramingRules& rules)
    : framing_(rules.find(client_port, server_port)) {
  for (const Direction direction : {Direction::ToServer, Direction::ToClient})
    half(direction).begun_before = begun_before[static_cast<size_t>(direction)];
  if (framing_ != nullptr) {
    reason_ = "asked for";
    return;
  }
  const Place place = begun_before[0] && begun_before[1] ? Place::Middle : Place::Start;
  detector_ = std::make_unique<FramingDetector>(client_port, server_port, place);
}

void ConnectionFrames::data(Direction direction, const StreamPiece& piece, FramesSink& sink) {
  if (detector_ != nullptr) {
    const Speaker speaker = direction == Direction::ToServer ? Speaker::Client : Speaker::Server;
    const auto choice = detector_->add(speaker, piece);
    if (!choice) return;
    choose(*choice, sink);
  }
  cut(direction, piece, sink);
}

void ConnectionFrames::gap(Direction direction, ByteRange missing, FramesSink& sink) {
  if (detector_ != nullptr) choose(detector_->choose(), sink);
  if (!is_cut(direction)) return;
  Receiver receiver(half(direction), direction, sink);
  tracker(direction, missing.begin).gap(missing, receiver);
}

void ConnectionFrames::end(FramesSink& sink) {
  if (detector_ != nullptr) choose(detector_->choose(), sink);
  for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
    Half& ending = half(direction);
    Receiver receiver(ending, direction, sink);
    if (ending.tracker) ending.tracker->end(receiver);
  }
}

void ConnectionFrames::choose(const FramingChoice& choice, FramesSink& sink) {
  framing_ = choice.framing;
  reason_ = choice.reason;
  half(Direction::ToServer).framed = choice.framed[static_cast<size_t>(Speaker::Client)];
  half(Direction::ToClient).framed = choice.framed[static_cast<size_t>(Speaker::Server)];
  const auto detector = std::move(detector_);
  detector->replay([&](Speaker speaker, const StreamPiece& piece) {
    cut(speaker == Speaker::Client ? Direction::ToServer : Direction::ToClient, piece, sink);
  });
}

void ConnectionFrames::cut(Direction direction, const StreamPiece& piece, FramesSink& sink) {
  if (!is_cut(direction)) return;
  Half& cutting = half(direction);
  Receiver receiver(cutting, direction, sink);
  const Seams seams = tracker(direction, piece.range.begin).data(piece, receiver);
  cutting.seams.add(seams);
  sink.seams(direction, piece.packet, seams);
}

FrameTracker& ConnectionFrames::tracker(Direction direction, uint64_t begin) {
  Half& cutting = half(direction);
  if (!cutting.tracker)
    cutting.tracker.emplace(*framing_, cutting.begun_before ? Place::Middle : Place::Start, begin);
  return *cutting.tracker;
}

std::optional<SeamCounts> seams_of(const Connection& connection, const ConnectionFrames* frames,
                                   Direction direction) {
  const uint32_t segments = connection.half(direction).segments;
  if (connection.key.transport == Transport::Udp && segments > 0)
    return SeamCounts::of_aligned(segments);
  return frames != nullptr ? frames->seams(direction) : std::nullopt;
}

}  // namespace wireseam
