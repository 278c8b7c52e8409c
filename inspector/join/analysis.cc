// SPDX-License-Identifier: Apache-2.0
#include "inspector/join/analysis.h"

namespace wireseam {

void Analysis::begun(Connection& connection) {
  ++connections_by_transport_[static_cast<size_t>(connection.key.transport)];
  sink_.begun(connection);
}

void Analysis::segment(const Connection& connection, const Segment& segment) {
  current_ = &connection;
  segment_ = segment;
  if (is_notable(segment)) tell(connection, note_of(segment));
}

void Analysis::note(const Connection& connection, const LateNote& late) {
  tell(connection, note_of(late));
}

void Analysis::tell(const Connection& connection, const Note& note) {
  ++notes_;
  sink_.note(connection, note);
}

void Analysis::data(const Connection& connection, Direction direction, const StreamPiece& piece) {
  sink_.data(connection, direction, piece);
}

void Analysis::gap(const Connection& connection, Direction direction, ByteRange missing) {
  sink_.gap(connection, direction, missing);
}

void Analysis::handshake(const Connection& connection) { sink_.handshake(connection); }

void Analysis::closing(const Connection& connection) {
  sink_.closing(connection, segment_.packet, segment_.time_ns);
}

void Analysis::packet_done() {
  if (current_ != nullptr) sink_.segment(*current_, segment_);
  current_ = nullptr;
}

void Analysis::ended(Connection& connection, EndReason reason) { sink_.ended(connection, reason); }

void Analysis::fill(CaptureSummary& summary) const {
  summary.tcp_connections = connections_by_transport_[static_cast<size_t>(Transport::Tcp)];
  summary.udp_connections = connections_by_transport_[static_cast<size_t>(Transport::Udp)];
  summary.notes = notes_;
}

}  // namespace wireseam
