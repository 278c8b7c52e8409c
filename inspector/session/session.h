// SPDX-License-Identifier: Apache-2.0
// What is known of a capture, for whoever wants to look around in it: the connections, and of the
// newest packets all details, as far as memory permits. The oldest details fall away, a horizon of
// packets for all kinds alike; what is counted stays counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/raw_packet.h"
#include "inspector/session/kept.h"
#include "inspector/session/packet_store.h"
#include "inspector/session/records.h"

namespace wireseam {

struct SessionTotals {
  uint64_t packets = 0;
  uint64_t wire_bytes = 0;
  uint64_t connections = 0;
  uint64_t frames = 0;
  uint64_t notes = 0;
  uint64_t calls = 0;
  CaptureLosses losses;
};

// What doesn't fit in memory any more.
struct FallenAway {
  uint64_t packets = 0;      // whose details are gone
  uint64_t connections = 0;  // that had ended
};

class Session final : public ReportSink {
 public:
  explicit Session(size_t memory_limit) : limit_(memory_limit) {}

  // To be called for each packet before what is found in it.
  void packet(const RawPacket& raw);
  // The same for each call, in the order in which they took effect.
  void call(TracedCall call);
  // The name of a program, by the number that its calls have.
  void program(uint32_t process, std::string_view name);
  // It is `now_ns` by the packets' clock, and nothing has come.
  void idle(uint64_t now_ns) { now_ns_ = std::max(now_ns_, now_ns); }
  void message(std::string text);
  // Nothing more will come.
  void end() { ended_ = true; }

  void begun(const Connection& connection) override;
  void handshake(const Connection& connection) override;
  void segment(const Connection& connection, const Segment& segment, const Seams* seams) override;
  void note(const Connection& connection, const Note& note) override;
  void frame(const Connection& connection, Direction direction, const Frame& frame,
             const Framing* framing) override;
  void undecoded(const Connection& connection, Direction direction, const Undecoded& undecoded,
                 uint64_t packet) override;
  void called(uint64_t socket, const Conversation* conversation, Role role) override;
  void found_on_wire(const Conversation& conversation, uint64_t before) override;
  void framed(const Conversation& conversation, Direction direction, const FrameSpan& frame,
              const Beside& beside) override;
  void sent(const Conversation& conversation, Direction direction, const CallSpan& call,
            const Beside& beside) override;
  void received(const Conversation& conversation, Direction direction, const CallSpan& call,
                const Beside& beside) override;
  void joined(const Conversation& conversation) override;
  void closing(const Connection& connection, uint64_t packet, uint64_t time_ns) override;
  void ended(const Connection& connection, const ConnectionFrames* frames,
             EndReason reason) override;
  void dropped(const CaptureLosses& losses) override;
  void summary(const CaptureSummary& summary) override;

  // By id.
  const std::map<uint64_t, ConnectionRecord>& connections() const { return connections_; }
  const ConnectionRecord* find_connection(uint64_t id) const;
  const Kept<SegmentRecord>& segments() const { return segments_; }
  const Kept<FrameRecord>& frames() const { return frames_; }
  const Kept<TracedCall>& calls() const { return calls_; }
  // Empty: not known.
  std::string_view program(uint32_t process) const;
  const PacketStore& packets() const { return packets_; }
  // Null: it has fallen away, or the packet is in no connection.
  const SegmentRecord* find_segment(uint64_t packet) const;
  const std::deque<Message>& messages() const { return messages_; }
  const SessionTotals& totals() const { return totals_; }
  const FallenAway& fallen() const { return fallen_; }

  uint64_t first_ns() const { return first_ns_; }
  uint64_t now_ns() const { return now_ns_; }
  bool has_ended() const { return ended_; }
  // Differs whenever something else is to be shown.
  uint64_t version() const { return version_; }

 private:
  ConnectionRecord& record_of(const Connection& connection);
  void begin(uint64_t time_ns);
  void count_frame(ConnectionRecord& record, Direction direction, const Framing* framing);
  void push_frame(ConnectionRecord& record, FrameRecord frame);
  ConnectionRecord* record_of(const Conversation& conversation);
  void refresh_calls(ConnectionRecord& record, const Conversation& conversation);
  void put_call(ConnectionRecord& record, uint64_t index, Role role);
  TracedCall* find_moving(CallsRecord& calls, Direction direction, Role role, const CallSpan& span);
  MovedBytes* moved(const Conversation& conversation, Direction direction, Role role,
                    const CallSpan& span, const Beside& beside);
  size_t connection_bytes() const;
  size_t memory() const;
  void make_room();
  void drop_details_before(uint64_t packet);
  void drop_frames_before(uint64_t packet, uint64_t time_ns);
  void drop_call();
  void drop_indexes();
  void drop_connections();

  size_t limit_;
  uint64_t first_ns_ = 0;
  uint64_t now_ns_ = 0;
  uint64_t version_ = 0;
  bool ended_ = false;
  SessionTotals totals_;
  FallenAway fallen_;

  PacketStore packets_;
  Kept<SegmentRecord> segments_;  // by packet
  Kept<FrameRecord> frames_;
  size_t frame_bytes_ = 0;  // of headers and parts
  Kept<TracedCall> calls_;
  size_t call_bytes_ = 0;                                      // of their texts
  std::unordered_map<uint64_t, std::vector<uint64_t>> early_;  // calls, by socket
  std::unordered_map<uint32_t, std::string> programs_;         // by process
  std::map<uint64_t, ConnectionRecord> connections_;
  size_t with_calls_ = 0;         // of the connections
  std::vector<uint64_t> losers_;  // ids of those of whose details some have just fallen away
  std::deque<uint64_t> over_;     // ids of connections that have ended, in this order
  std::deque<Message> messages_;
  Cause late_cause_ = Cause::None;  // of the packet at hand
};

}  // namespace wireseam
