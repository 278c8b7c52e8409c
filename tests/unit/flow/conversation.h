// SPDX-License-Identifier: Apache-2.0
// Packets of one conversation, written as a test reads them, and what the flow table said of them.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "inspector/flow/flow_table.h"

namespace wireseam::test {

// Keeps everything, in the order in which it came.
class Recorder final : public FlowSink {
 public:
  void segment(const Connection& connection, const Segment& segment) override;
  void data(const Connection& connection, Direction, const StreamPiece&) override;
  void gap(const Connection& connection, Direction, ByteRange missing) override;
  void note(const Connection& connection, const LateNote&) override;
  void handshake(const Connection& connection) override;
  void closing(const Connection& connection) override;
  void ended(Connection& connection, EndReason) override;

  std::vector<Segment> segments;
  std::vector<LateNote> notes;
  std::string streams[2];  // by Direction; a missing byte is '?'
  std::vector<Handshake> handshakes;
  std::vector<CloseState> closes;
  struct Ended {
    uint64_t id;
    uint32_t incarnation;
    EndReason reason;
    Teardown teardown;
    bool client_is_a;
    bool guessed;
    uint64_t resent_bytes;
  };
  std::vector<Ended> endings;
};

// Builds the packets of a client (10.0.0.1:40000) and a server (10.0.0.2:80) and hands them to a
// flow table. Each call is one packet, a millisecond behind the one before.
class Conversation {
 public:
  explicit Conversation(uint32_t client_isn = 1000, uint32_t server_isn = 5000,
                        FlowLimits limits = {});

  // Offsets as in the streams; what a side has acknowledged goes with its packets.
  Packet from_client(std::string_view payload, uint64_t offset, uint16_t flags = kAck);
  Packet from_server(std::string_view payload, uint64_t offset, uint16_t flags = kAck);
  void client_acks(uint64_t offset) { client_.acks = offset; }
  void server_acks(uint64_t offset) { server_.acks = offset; }

  void shake_hands();
  void send(Packet packet);  // again, or changed
  void wait_ns(uint64_t time) { now_ns_ += time; }
  void same_id(uint16_t id) { id_ = id; }  // for all packets

  Segment last() const { return recorder.segments.back(); }

  Recorder recorder;
  FlowTable table;

 private:
  struct End {
    uint8_t address;
    uint16_t port;
    uint32_t isn;
    uint16_t next_id;
    uint64_t acks = 0;
  };
  Packet packet(End& from, const End& to, std::string_view payload, int64_t offset, uint16_t flags);

  End client_;
  End server_;
  std::deque<std::string> payloads_;  // live as long as the packets
  uint64_t now_ns_ = 1'000'000'000;
  uint64_t number_ = 0;
  uint16_t id_ = 0;  // 0: each has its own
};

}  // namespace wireseam::test
