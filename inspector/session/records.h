// SPDX-License-Identifier: Apache-2.0
// What a Session keeps of what was found: plain values that outlive what they were made of.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inspector/join/findings.h"
#include "inspector/join/report_sink.h"
#include "inspector/session/rate_history.h"
#include "inspector/session/traced_call.h"

namespace wireseam {

// One direction of a connection, by now.
struct HalfRecord {
  uint64_t packets = 0;
  uint64_t segments = 0;  // packets with payload
  uint64_t bytes = 0;     // of the stream, as far as it was seen
  uint64_t resent_segments = 0;
  uint64_t resent_bytes = 0;
  uint64_t missing_bytes = 0;
  uint64_t reordered = 0;
  uint64_t frames = 0;
  uint64_t undecoded_bytes = 0;
  uint32_t first_seq = 0;  // of offset 0
  uint64_t cut_bytes = 0;  // their packets were captured, they were not
  uint16_t mss = 0;
  bool mss_unknown = false;  // the options of its SYN were cut off
  bool syn_seen = false;
  uint32_t vlan = 0;
};

struct ConnectionRecord {
  uint64_t id = 0;
  FlowKey key;
  Side client = Side::A;
  bool client_is_guess = false;
  uint32_t incarnation = 1;
  uint64_t first_ns = 0;
  uint64_t last_ns = 0;
  Handshake handshake;
  Teardown teardown;
  std::string_view state;  // a literal
  std::optional<EndReason> ended;
  uint64_t rtt_ns = 0;  // smallest that was seen from end to end; 0: none
  std::array<HalfRecord, 2> halves;
  uint64_t notes = 0;
  uint64_t problems = 0;
  std::string framing;  // empty: not known so far, or none
  RateHistory rate;
  std::shared_ptr<CallsRecord> calls;  // null: none were seen

  // Indexes in the session's lists, rising. The oldest may have fallen away.
  std::vector<uint64_t> segments;
  std::vector<uint64_t> frames;

  HalfRecord& half(Direction direction) { return halves[static_cast<size_t>(direction)]; }
  const HalfRecord& half(Direction direction) const {
    return halves[static_cast<size_t>(direction)];
  }
  bool is_tcp() const { return key.transport == Transport::Tcp; }
  // Else all that is known of it comes from calls.
  bool is_on_wire() const { return key.transport != Transport::None; }
  FlowEnd client_end() const { return key.end(client); }
  FlowEnd server_end() const { return key.end(other(client)); }
};

struct SegmentRecord {
  uint64_t connection = 0;
  Segment segment;
  std::optional<Seams> seams{};
  Cause late_cause = Cause::None;  // became known by a later packet
};

// A frame; or bytes in which there was none.
struct FrameRecord {
  uint64_t connection = 0;
  Direction direction = Direction::ToServer;
  uint64_t number = 0;  // 0: no frame
  ByteRange range;
  ByteRange body;
  uint64_t first_ns = 0;
  uint64_t last_ns = 0;
  uint64_t last_packet = 0;
  uint64_t missing = 0;
  bool json_header = false;
  std::string header{};            // as Frame has it; of a long one the beginning
  std::vector<FramePart> parts{};  // of many the first
  uint64_t parts_left_out = 0;
  std::string flaw{};  // why there is no frame
  // What lies beside it, where calls were seen.
  std::optional<FrameCuts> cuts{};
  uint64_t sends = 0;
  uint64_t receives = 0;

  uint64_t packets() const { return parts.size() + parts_left_out; }
};

// Something that whoever looks at the capture should know.
struct Message {
  uint64_t time_ns = 0;
  std::string text;
};

// Whether it costs time or bytes, and doesn't only tell of the way things are.
bool is_problem(Cause cause);
inline bool is_problem(const SegmentRecord& record) {
  return is_problem(record.segment.cause) || is_problem(record.late_cause);
}
inline bool is_problem(const FrameRecord& record) {
  return record.number == 0 || record.missing > 0;
}

}  // namespace wireseam
