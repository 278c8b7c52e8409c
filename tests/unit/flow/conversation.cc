// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/flow/conversation.h"

#include "tests/unit/catch2.h"

namespace wireseam::test {

void Recorder::segment(const Connection&, const Segment& segment) { segments.push_back(segment); }

void Recorder::data(const Connection&, Direction direction, const StreamPiece& piece) {
  std::string& stream = streams[static_cast<size_t>(direction)];
  REQUIRE(piece.range.begin == stream.size());
  stream.append(reinterpret_cast<const char*>(piece.bytes.data()), piece.bytes.size());
  stream.append(piece.range.size() - piece.bytes.size(), '?');
}

void Recorder::gap(const Connection&, Direction direction, ByteRange missing) {
  std::string& stream = streams[static_cast<size_t>(direction)];
  REQUIRE(missing.begin == stream.size());
  stream.append(missing.size(), '?');
}

void Recorder::note(const Connection&, const LateNote& note) { notes.push_back(note); }

void Recorder::handshake(const Connection& connection) {
  handshakes.push_back(connection.handshake);
}

void Recorder::closing(const Connection& connection) {
  closes.push_back(connection.teardown->state);
}

void Recorder::ended(Connection& connection, EndReason reason) {
  endings.push_back({connection.id, connection.incarnation, reason, *connection.teardown,
                     connection.client == Side::A, connection.client_is_guess,
                     connection.halves[0].incidents->resent_bytes +
                         connection.halves[1].incidents->resent_bytes});
}

Conversation::Conversation(uint32_t client_isn, uint32_t server_isn, FlowLimits limits)
    : table(recorder, limits),
      client_{1, 40000, client_isn, 100},
      server_{2, 80, server_isn, 7000} {}

Packet Conversation::packet(End& from, const End& to, std::string_view payload, int64_t offset,
                            uint16_t flags) {
  Packet packet;
  packet.number = ++number_;
  packet.time_ns = now_ns_ += 1'000'000;
  packet.verdict = DecodeVerdict::Whole;
  packet.ip_version = IpVersion::V4;
  packet.has_ip_id = true;
  packet.ip_id = id_ != 0 ? id_ : from.next_id++;
  packet.source.bytes = {10, 0, 0, from.address};
  packet.destination.bytes = {10, 0, 0, to.address};
  packet.transport = Transport::Tcp;
  packet.source_port = from.port;
  packet.destination_port = to.port;
  packet.tcp.seq = from.isn + 1 + static_cast<uint32_t>(offset);
  if ((flags & kAck) != 0) packet.tcp.ack = to.isn + 1 + static_cast<uint32_t>(from.acks);
  packet.tcp.flags = flags;
  packet.tcp.window = 1000;
  const std::string& kept = payloads_.emplace_back(payload);
  packet.payload = std::as_bytes(std::span(kept));
  packet.payload_length = static_cast<uint32_t>(kept.size());
  table.packet(packet);
  return packet;
}

Packet Conversation::from_client(std::string_view payload, uint64_t offset, uint16_t flags) {
  return packet(client_, server_, payload, static_cast<int64_t>(offset), flags);
}

Packet Conversation::from_server(std::string_view payload, uint64_t offset, uint16_t flags) {
  return packet(server_, client_, payload, static_cast<int64_t>(offset), flags);
}

void Conversation::shake_hands() {
  packet(client_, server_, "", -1, kSyn);
  packet(server_, client_, "", -1, kSyn | kAck);
  packet(client_, server_, "", 0, kAck);
}

void Conversation::send(Packet packet) {
  packet.number = ++number_;
  packet.time_ns = now_ns_ += 1'000'000;
  table.packet(packet);
}

}  // namespace wireseam::test
