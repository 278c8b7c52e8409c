// SPDX-License-Identifier: Apache-2.0
#include "inspector/join/analysis.h"

namespace wireseam {

// Hands the frames of one connection on.
class Analysis::Frames final : public FramesSink {
 public:
  Frames(Analysis& analysis, const Connection& connection, const ConnectionFrames& frames)
      : analysis_(analysis), connection_(connection), frames_(frames) {}

  void frame(Direction direction, const Frame& frame) override {
    analysis_.sink_.frame(connection_, direction, frame, frames_.framing());
  }
  void undecoded(Direction direction, const Undecoded& undecoded) override {
    analysis_.totals_.undecoded_bytes += undecoded.range.size();
    const bool at_hand = analysis_.current_ == &connection_;
    analysis_.sink_.undecoded(connection_, direction, undecoded,
                              at_hand ? analysis_.segment_->packet : 0);
  }
  void seams(Direction /*direction*/, uint64_t packet, const Seams& seams) override {
    if (analysis_.segment_ != nullptr && packet == analysis_.segment_->packet)
      analysis_.seams_ = seams;
  }

 private:
  Analysis& analysis_;
  const Connection& connection_;
  const ConnectionFrames& frames_;
};

void Analysis::begun(Connection& connection) {
  ++connections_[static_cast<size_t>(connection.key.transport)];
  sink_.begun(connection);
}

void Analysis::segment(const Connection& connection, const Segment& segment) {
  current_ = &connection;
  segment_ = &segment;
  seams_.reset();
  if (is_notable(segment)) tell(connection, note_of(segment));
}

void Analysis::note(const Connection& connection, const LateNote& late) {
  tell(connection, note_of(late));
}

void Analysis::tell(const Connection& connection, const Note& note) {
  ++notes_;
  sink_.note(connection, note);
}

ConnectionFrames& Analysis::frames_of(const Connection& connection) {
  if (connection.slot >= frames_.size()) frames_.resize(connection.slot + size_t{1});
  auto& frames = frames_[connection.slot];
  if (frames == nullptr)
    frames = std::make_unique<ConnectionFrames>(
        connection.client_end().port, connection.server_end().port,
        std::array{!connection.halves[0].syn_seen, !connection.halves[1].syn_seen}, rules_);
  return *frames;
}

void Analysis::data(const Connection& connection, Direction direction, const StreamPiece& piece) {
  sink_.data(connection, direction, piece);
  if (connection.key.transport == Transport::Udp) {
    datagram(connection, direction, piece);
  } else {
    ConnectionFrames& frames = frames_of(connection);
    Frames sink(*this, connection, frames);
    frames.data(direction, piece, sink);
    if (!frames.expects(direction)) sink_.unframed(connection, direction, piece.range.end);
  }
  if (relieve_) relieve_();
}

void Analysis::datagram(const Connection& connection, Direction direction,
                        const StreamPiece& piece) {
  const FramePart part{piece.range, piece.packet, piece.time_ns};
  Frame frame;
  frame.number = connection.half(direction).segments;
  frame.range = frame.body = piece.range;
  frame.first_ns = frame.last_ns = piece.time_ns;
  frame.missing = piece.range.size() - piece.bytes.size();
  frame.parts = {&part, 1};
  sink_.frame(connection, direction, frame, nullptr);
}

void Analysis::gap(const Connection& connection, Direction direction, ByteRange missing) {
  sink_.gap(connection, direction, missing);
  ConnectionFrames& frames = frames_of(connection);
  Frames sink(*this, connection, frames);
  frames.gap(direction, missing, sink);
  if (relieve_) relieve_();
}

void Analysis::handshake(const Connection& connection) { sink_.handshake(connection); }

void Analysis::closing(const Connection& connection) {
  sink_.closing(connection, segment_->packet, segment_->time_ns);
}

void Analysis::packet_done() {
  if (current_ != nullptr) sink_.segment(*current_, *segment_, seams_ ? &*seams_ : nullptr);
  current_ = nullptr;
  segment_ = nullptr;
}

void Analysis::ended(Connection& connection, EndReason reason) {
  std::unique_ptr<ConnectionFrames> frames;
  if (connection.slot < frames_.size()) frames = std::move(frames_[connection.slot]);
  if (frames != nullptr) {
    Frames sink(*this, connection, *frames);
    frames->end(sink);
  }
  for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
    const auto seams = seams_of(connection, frames.get(), direction);
    if (seams) totals_.seams += *seams;
    if (seams && connection.key.transport == Transport::Udp) totals_.datagrams += seams->frames;
  }
  sink_.ended(connection, frames.get(), reason);
}

void Analysis::fill(CaptureSummary& summary) const {
  summary.tcp_connections = connections_[static_cast<size_t>(Transport::Tcp)];
  summary.udp_connections = connections_[static_cast<size_t>(Transport::Udp)];
  summary.notes = notes_;
  summary.frames = totals_;
}

}  // namespace wireseam
