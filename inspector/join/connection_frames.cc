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
    : begun_before_(begun_before) {
  if (const FramingRule* rule = rules.find(client_port, server_port)) {
    framing_ = &rule->framing;
    framed_ = rule->framed;
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
  Half& cutting = half(direction, missing.begin);
  Receiver receiver(cutting, direction, sink);
  cutting.tracker.gap(missing, receiver);
}

void ConnectionFrames::end(FramesSink& sink) {
  if (detector_ != nullptr) choose(detector_->choose(), sink);
  for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
    Half* ending = halves_[static_cast<size_t>(direction)].get();
    if (ending == nullptr) continue;
    Receiver receiver(*ending, direction, sink);
    ending->tracker.end(receiver);
  }
}

void ConnectionFrames::choose(const FramingChoice& choice, FramesSink& sink) {
  framing_ = choice.framing;
  grounds_ = choice.grounds;
  detected_ = true;
  framed_ = {choice.framed[static_cast<size_t>(Speaker::Client)],
             choice.framed[static_cast<size_t>(Speaker::Server)]};
  const auto detector = std::move(detector_);
  detector->replay([&](Speaker speaker, const StreamPiece& piece) {
    cut(speaker == Speaker::Client ? Direction::ToServer : Direction::ToClient, piece, sink);
  });
}

void ConnectionFrames::cut(Direction direction, const StreamPiece& piece, FramesSink& sink) {
  if (!is_cut(direction)) return;
  Half& cutting = half(direction, piece.range.begin);
  Receiver receiver(cutting, direction, sink);
  const Seams seams = cutting.tracker.data(piece, receiver);
  cutting.seams.add(seams);
  sink.seams(direction, piece.packet, seams);
}

ConnectionFrames::Half& ConnectionFrames::half(Direction direction, uint64_t begin) {
  const auto index = static_cast<size_t>(direction);
  if (!halves_[index]) {
    const Place place = begun_before_[index] ? Place::Middle : Place::Start;
    halves_[index].reset(new Half{FrameTracker(*framing_, place, begin), {}});
  }
  return *halves_[index];
}

std::string ConnectionFrames::reason() const {
  return detected_ ? reason_text(*framing_, grounds_) : "asked for";
}

std::optional<SeamCounts> ConnectionFrames::seams(Direction direction) const {
  const Half* half = halves_[static_cast<size_t>(direction)].get();
  return half != nullptr ? half->seams.counts() : std::nullopt;
}

uint64_t ConnectionFrames::undecoded_bytes(Direction direction) const {
  const Half* half = halves_[static_cast<size_t>(direction)].get();
  return half != nullptr ? half->undecoded_bytes : 0;
}

std::optional<SeamCounts> seams_of(const Connection& connection, const ConnectionFrames* frames,
                                   Direction direction) {
  const uint32_t segments = connection.half(direction).segments;
  if (connection.key.transport == Transport::Udp && segments > 0)
    return SeamCounts::of_aligned(segments);
  return frames != nullptr ? frames->seams(direction) : std::nullopt;
}

}  // namespace wireseam
