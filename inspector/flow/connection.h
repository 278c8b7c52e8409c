// SPDX-License-Identifier: Apache-2.0
// A connection as the capture shows it: who, when, how much, and in which state. Read by everybody
// behind the flow table, written by TcpAnalysis alone. Kept small: there may be 100,000 of them.
#pragma once

#include <array>
#include <cstdint>

#include "inspector/flow/completeness.h"
#include "inspector/flow/flow_key.h"
#include "inspector/flow/handshake.h"
#include "inspector/flow/rare.h"
#include "inspector/flow/segment.h"
#include "inspector/flow/send_order.h"
#include "inspector/flow/sequence.h"
#include "inspector/flow/stream_assembler.h"
#include "inspector/flow/teardown.h"
#include "inspector/flow/wireshark_analysis.h"

namespace wireseam {

// What a sender does about a loss until all that was under way then is acknowledged.
enum class Recovery : uint8_t { None, Fast, TimeOut };

// What most directions have none of: losses, and what the sender does about them; closed windows;
// offload.
struct Incidents {
  uint64_t resent_bytes = 0;       // payload that had been seen before
  uint64_t missing_bytes = 0;      // given up
  uint64_t bytes_before_axis = 0;  // how far what came reaches back before offset 0
  uint64_t cut_bytes = 0;          // their packets are in the capture, they are not
  uint32_t resent_segments = 0;
  uint32_t reordered = 0;
  uint32_t duplicated = 0;
  uint32_t zero_windows = 0;
  uint32_t offloaded = 0;        // segments longer than the MSS
  uint64_t further_packets = 0;  // that they were on the wire, besides one each
  uint32_t duplicate_acks = 0;   // in a row, by the other side
  uint64_t sacked_begin = 0;     // the block nearest to the end that the other side reported
  uint64_t sacked_end = 0;
  uint64_t recovery_end = 0;
  uint64_t hole_acked_ns = 0;  // since when the first hole is known to have arrived; 0: it isn't
  uint64_t heard_ns = 0;       // when the other side last acknowledged while there was a hole
  // The first that acknowledged all of `acked`, where that was captured before what it
  // acknowledges.
  uint64_t early_ack_packet = 0;
  uint64_t early_ack_ns = 0;
  Recovery recovery = Recovery::None;
};

// One direction: what its sender sent.
struct Half {
  uint64_t packets = 0;
  uint64_t payload_bytes = 0;  // of all segments
  uint32_t segments = 0;       // those with payload

  uint32_t first_seq = 0;  // of offset 0: the initial sequence number and 1
  uint16_t mss = 0;        // as announced by this side; 0: not announced
  uint8_t window_shift = 0;
  uint32_t vlan = 0;              // in which it was seen: may be another one than the other way
  uint32_t window = 0;            // in bytes, by its last ACK; the largest it may be
  bool begun : 1 = false;         // a packet was seen, or an acknowledgement of one
  bool acknowledges : 1 = false;  // an ACK of it was seen
  bool begin_acked : 1 = false;   // all before offset 0 is acknowledged
  bool syn_seen : 1 = false;
  bool syn_ack_seen : 1 = false;
  bool window_scaled : 1 = false;
  bool sack_permitted : 1 = false;
  bool timestamps : 1 = false;
  bool options_cut : 1 = false;    // of its SYN, so that of those that are absent nobody knows
  bool window_closed : 1 = false;  // by this side
  bool to_many : 1 = false;        // UDP: a packet went to all of its link, or to a group there
  bool probed : 1 = false;  // its last packet asked whether the other's window is still closed

  uint64_t sent_end = 0;         // behind the last byte seen
  uint64_t acked = 0;            // by the other side; the FIN counts, too
  uint64_t last_sent_ns = 0;     // payload, SYN or FIN
  uint64_t smallest_rtt_ns = 0;  // from data to its acknowledgement; 0: none seen

  Rare<Incidents> incidents;
  SendOrder order;
  StreamAssembler stream;

  // That number is at offset 0 from now on; what was acknowledged before counts from there.
  void begin_at(uint32_t seq) {
    if (begun && sequence_before(seq, first_seq)) acked += first_seq - seq;
    first_seq = seq;
    begun = true;
  }
  bool mss_unknown() const { return options_cut && mss == 0; }
  bool window_scale_unknown() const { return !syn_seen || (options_cut && !window_scaled); }
  bool sack_unknown() const { return options_cut && !sack_permitted; }
  bool timestamps_unknown() const { return options_cut && !timestamps; }
  // Segments with payload, offloaded ones counted as several.
  uint64_t wire_packets() const { return segments + incidents->further_packets; }
};

// The other names of a connection whose addresses are translated on this host: each side's packets
// are captured behind its own end of the translation.
struct TranslatedKey {
  FlowKey key;  // Transport::None: none
  Side client = Side::A;

  bool has() const { return key.transport != Transport::None; }
};

struct Connection {
  uint64_t id = 0;    // counts from 1, in the order of the first packets
  uint32_t slot = 0;  // less than the most connections at once; another's when this has ended
  uint32_t incarnation = 1;  // counts those of the same key
  FlowKey key;
  Side client = Side::A;
  bool client_is_guess = false;
  // Wireshark's tcp.completeness: SYN 1, SYN/ACK 2, ACK 4, data 8, FIN 16, RST 32.
  uint8_t completeness = 0;
  uint64_t first_ns = 0;  // the earliest of its packets' times
  uint64_t last_ns = 0;   // and the latest
  uint64_t first_packet = 0;
  Handshake handshake;
  Rare<Teardown> teardown;
  Rare<TranslatedKey> translated;
  std::array<Half, 2> halves;  // by Direction
  WiresharkAnalysis wireshark;

  void complete(const Packet& packet) {
    completeness = completeness_with(completeness, packet, packet.number == first_packet);
  }
  Half& half(Direction direction) { return halves[static_cast<size_t>(direction)]; }
  const Half& half(Direction direction) const { return halves[static_cast<size_t>(direction)]; }
  Direction direction(Side sender) const {
    return sender == client ? Direction::ToServer : Direction::ToClient;
  }
  FlowEnd client_end() const { return key.end(client); }
  FlowEnd server_end() const { return key.end(other(client)); }
};

}  // namespace wireseam
