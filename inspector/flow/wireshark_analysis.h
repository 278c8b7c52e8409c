// SPDX-License-Identifier: Apache-2.0
// What Wireshark's TCP analysis (tcp.analysis.*, version 4.0) says of each packet of a connection,
// by its own definitions, right or wrong: it knows sequence numbers and times, and nothing of IP
// IDs, timestamps or SACK. segment_cause.h says what really happened. Compared with tshark packet
// by packet in tests/inspector/wireshark_test.py.
#pragma once

#include <array>
#include <cstdint>

#include "inspector/decode/packet.h"
#include "inspector/flow/flow_key.h"
#include "inspector/flow/segment.h"
#include "inspector/flow/unacked.h"

namespace wireseam {

// What is said of one packet.
struct WiresharkView {
  WiresharkNames names;
  uint32_t in_flight = 0;       // tcp.analysis.bytes_in_flight; 0 where Wireshark has none
  uint64_t acks_packet = 0;     // tcp.analysis.acks_frame; 0: none
  int64_t ack_rtt_ns = 0;       // tcp.analysis.ack_rtt; below zero where the clock went back
  uint32_t duplicate_acks = 0;  // tcp.analysis.duplicate_ack_num
  uint64_t duplicate_of = 0;    // tcp.analysis.duplicate_ack_frame
};

// One of Wireshark's conversations.
class WiresharkAnalysis {
 public:
  // The packets of the connection in the order of the capture; TCP only.
  WiresharkView packet(const Packet& packet, Side sender);

  // tcp.analysis.initial_rtt; 0: not known.
  int64_t initial_rtt_ns() const { return initial_rtt_ns_; }

 private:
  enum class Scale : uint8_t { Unknown, Unused, Used };

  // One direction.
  struct Half {
    uint32_t base_seq = 0;  // the first packet's, or what was acknowledged before it
    uint32_t next_seq = 0;
    uint32_t max_seq_to_be_acked = 0;
    uint32_t last_ack = 0;
    uint32_t window = UINT32_MAX;  // as sent; this one by nobody
    uint8_t shift = 0;
    Scale scale = Scale::Unknown;
    bool window_of_syn = false;  // which is never scaled
    bool begun = false;
    bool in_flight_known = true;
    bool syn_with_data = false;
    uint32_t syn_seq = 0;  // of that one
    WiresharkNames last_names;
    uint32_t duplicate_acks = 0;
    uint32_t sacked = 0;  // bytes, by its last packet
    uint64_t next_seq_ns = 0;
    uint64_t last_ack_ns = 0;
    uint64_t last_other_ack = 0;  // the packet before the duplicates
    UnackedSegments unacked;

    // The window as last advertised, in bytes.
    uint32_t scaled_window() const;
  };
  struct Turn;  // one packet with both halves

  static void begin(Turn& turn);
  static void judge_fast_open(Turn& turn);
  static bool is_pure_ack(const Turn& turn);
  static bool repeats_ack(const Turn& turn);
  static void judge_ahead(Turn& turn);
  static void judge_window(Turn& turn);
  static void judge_repeated_ack(Turn& turn);
  void judge_sent_again(Turn& turn) const;
  bool looks_out_of_order(const Turn& turn) const;
  static void count_duplicates(Turn& turn);
  static void judge_acked_unseen(Turn& turn);
  static void remember(Turn& turn);
  static void acknowledge(Turn& turn);
  static uint32_t in_flight(const Turn& turn);
  void handshake(const Turn& turn);

  std::array<Half, 2> halves_;  // by Side
  uint64_t last_syn_ns_ = 0;
  int64_t initial_rtt_ns_ = 0;
};

}  // namespace wireseam
