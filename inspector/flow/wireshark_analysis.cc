// SPDX-License-Identifier: Apache-2.0
// The order of the steps is part of the definitions: some end the judgement of a packet, and each
// sees what those before it have changed.
#include "inspector/flow/wireshark_analysis.h"

#include <algorithm>

#include "inspector/flow/elapsed.h"
#include "inspector/flow/sequence.h"

namespace wireseam {
namespace {

constexpr uint64_t kFastWithinNs = 20'000'000;
constexpr uint64_t kOutOfOrderWithinNs = 3'000'000;  // where the initial round trip is not known
constexpr uint32_t kMostInFlight = 2'000'000'000;
constexpr size_t kMostSacks = 3;               // those behind are passed over
constexpr uint32_t kUnseenAcked = UINT32_MAX;  // a count of duplicates that is none

uint32_t sacked_by(const TcpOptions& options) {
  uint32_t bytes = 0;
  for (size_t i = 0; i < std::min<size_t>(options.sack_count, kMostSacks); ++i)
    bytes += options.sacks[i].end - options.sacks[i].begin;
  return bytes;
}

}  // namespace

struct WiresharkAnalysis::Turn {
  const Packet& packet;
  Half& fwd;
  Half& rev;
  WiresharkView& view;

  uint32_t seq() const { return packet.tcp.seq; }
  uint32_t ack() const { return packet.tcp.ack; }
  // It takes a packet for as long as the capture says that it was.
  uint32_t length() const { return packet.payload_length - packet.beyond_wire; }
  bool has(uint16_t flags) const { return packet.tcp.has(flags); }
  void name(WiresharkName what) { view.names.add(what); }
  bool is(WiresharkName what) const { return view.names.has(what); }
};

uint32_t WiresharkAnalysis::Half::scaled_window() const {
  return window << (window_of_syn || scale != Scale::Used ? 0 : shift);
}

WiresharkView WiresharkAnalysis::packet(const Packet& packet, Side sender) {
  Half& fwd = halves_[static_cast<size_t>(sender)];
  Half& rev = halves_[static_cast<size_t>(other(sender))];
  WiresharkView view;
  Turn turn{packet, fwd, rev, view};
  begin(turn);
  if (turn.has(kSyn)) judge_fast_open(turn);
  if (turn.has(kAck)) rev.in_flight_known = true;
  if (turn.length() == 1 && turn.seq() == fwd.next_seq && rev.window == 0) {
    turn.name(WiresharkName::ZeroWindowProbe);
  } else {
    judge_ahead(turn);
    judge_window(turn);
    judge_repeated_ack(turn);
  }
  count_duplicates(turn);
  judge_acked_unseen(turn);
  if (turn.length() > 0 || turn.has(kSyn | kFin)) judge_sent_again(turn);
  remember(turn);
  acknowledge(turn);
  handshake(turn);
  return view;
}

void WiresharkAnalysis::begin(Turn& turn) {
  if (turn.fwd.begun && turn.has(kSyn) && turn.has(kAck) && turn.seq() != turn.fwd.base_seq) {
    turn.name(WiresharkName::ReusedPorts);
    turn.fwd.base_seq = turn.seq();
  }
  if (!turn.fwd.begun) turn.fwd.base_seq = turn.has(kSyn) ? turn.seq() : turn.seq() - 1;
  turn.fwd.begun = true;
  if (!turn.rev.begun && turn.has(kAck)) {
    turn.rev.base_seq = turn.ack() - 1;
    turn.rev.begun = true;
  }
}

// Data in a SYN (RFC 7413): whether its answer takes some of them.
void WiresharkAnalysis::judge_fast_open(Turn& turn) {
  if (turn.has(kAck)) {
    if (!turn.rev.syn_with_data) return;
    return turn.name(turn.ack() == turn.rev.syn_seq + 1 ? WiresharkName::FastOpenIgnored
                                                        : WiresharkName::FastOpenAck);
  }
  if (turn.packet.tcp.options.fast_open_cookie) turn.name(WiresharkName::FastOpenSyn);
  turn.fwd.syn_with_data = turn.length() > 0;
  turn.fwd.syn_seq = turn.seq();
}

bool WiresharkAnalysis::is_pure_ack(const Turn& turn) {
  return turn.length() == 0 && !turn.has(kSyn | kFin | kRst);
}

// The same sequence, acknowledgement and window as the packet before.
bool WiresharkAnalysis::repeats_ack(const Turn& turn) {
  return is_pure_ack(turn) && turn.packet.tcp.window == turn.fwd.window &&
         turn.seq() == turn.fwd.next_seq && turn.ack() == turn.fwd.last_ack;
}

void WiresharkAnalysis::judge_ahead(Turn& turn) {
  if (turn.packet.tcp.window == 0 && !turn.has(kRst | kFin | kSyn))
    turn.name(WiresharkName::ZeroWindow);
  Half& fwd = turn.fwd;
  if (fwd.next_seq != 0 && sequence_before(fwd.next_seq, turn.seq()) && !turn.has(kRst)) {
    turn.name(WiresharkName::LostSegment);
    fwd.in_flight_known = false;
  }
  if (turn.length() <= 1 && turn.seq() == fwd.next_seq - 1 && !turn.has(kSyn | kFin | kRst))
    turn.name(WiresharkName::KeepAlive);
}

void WiresharkAnalysis::judge_window(Turn& turn) {
  const Half& fwd = turn.fwd;
  const uint16_t window = turn.packet.tcp.window;
  if (is_pure_ack(turn) && window != 0 && window != fwd.window && turn.seq() == fwd.next_seq &&
      turn.ack() == fwd.last_ack)
    turn.name(WiresharkName::WindowUpdate);
  const Half& rev = turn.rev;
  if (turn.length() > 0 && rev.scale != Scale::Unknown && !turn.has(kSyn | kFin | kRst) &&
      turn.seq() + turn.length() == rev.last_ack + rev.scaled_window())
    turn.name(WiresharkName::WindowFull);
}

void WiresharkAnalysis::judge_repeated_ack(Turn& turn) {
  Half& fwd = turn.fwd;
  const Half& rev = turn.rev;
  const bool repeats = repeats_ack(turn);
  if (repeats && fwd.window != 0 && rev.last_names.has(WiresharkName::KeepAlive))
    return turn.name(WiresharkName::KeepAliveAck);
  if (repeats && fwd.window == 0 && rev.last_names.has(WiresharkName::ZeroWindowProbe))
    return turn.name(WiresharkName::ZeroWindowProbeAck);
  if (repeats && fwd.window != 0) {
    turn.name(WiresharkName::DuplicateAck);
    fwd.duplicate_acks = fwd.duplicate_acks == kUnseenAcked ? 1 : fwd.duplicate_acks + 1;
    turn.view.duplicate_acks = fwd.duplicate_acks;
    turn.view.duplicate_of = fwd.last_other_ack;
  }
}

void WiresharkAnalysis::count_duplicates(Turn& turn) {
  if (turn.ack() == turn.fwd.last_ack) return;
  turn.fwd.last_other_ack = turn.packet.number;
  turn.fwd.duplicate_acks = 0;
}

void WiresharkAnalysis::judge_acked_unseen(Turn& turn) {
  Half& rev = turn.rev;
  if (rev.max_seq_to_be_acked == 0 || !turn.has(kAck) ||
      !sequence_before(rev.max_seq_to_be_acked, turn.ack()))
    return;
  if (sequence_before(rev.max_seq_to_be_acked, rev.next_seq)) {
    rev.max_seq_to_be_acked = rev.next_seq;
    turn.name(WiresharkName::AckLostSegment);
    return;
  }
  // Once, until the other side acknowledges something else or repeats itself. That side's count of
  // duplicates is where it is noted, and they are counted from there on.
  if (rev.duplicate_acks == 0) turn.name(WiresharkName::AckLostSegment);
  rev.duplicate_acks = kUnseenAcked;
}

// What brings no new sequence number was sent again, or overtaken.
void WiresharkAnalysis::judge_sent_again(Turn& turn) const {
  if (turn.is(WiresharkName::KeepAlive)) return;
  const Half& fwd = turn.fwd;
  const Half& rev = turn.rev;
  const bool behind = fwd.next_seq != 0 && sequence_before(turn.seq(), fwd.next_seq) &&
                      !(turn.length() > 1 && fwd.next_seq - 1 == turn.seq());
  const uint32_t end = turn.seq() + turn.length();
  if (turn.length() > 0 && rev.last_ack != 0 && !sequence_before(rev.last_ack, end)) {
    turn.name(WiresharkName::SpuriousRetransmission);
  } else if (!behind) {
    return;
  } else if (rev.duplicate_acks >= 2 && rev.last_ack == turn.seq() &&
             turn.packet.time_ns - rev.last_ack_ns < kFastWithinNs) {
    turn.name(WiresharkName::FastRetransmission);
  } else if (looks_out_of_order(turn)) {
    return turn.name(WiresharkName::OutOfOrder);
  }
  turn.name(WiresharkName::Retransmission);
}

// As there, a time below zero is a very long one.
bool WiresharkAnalysis::looks_out_of_order(const Turn& turn) const {
  const Half& fwd = turn.fwd;
  const uint32_t end = turn.seq() + turn.length() + (turn.has(kSyn | kFin) ? 1 : 0);
  const uint64_t within_ns =
      initial_rtt_ns_ != 0 ? static_cast<uint64_t>(initial_rtt_ns_) : kOutOfOrderWithinNs;
  return turn.packet.time_ns - fwd.next_seq_ns < within_ns && fwd.next_seq != end;
}

void WiresharkAnalysis::remember(Turn& turn) {
  Half& fwd = turn.fwd;
  const bool probe = turn.is(WiresharkName::ZeroWindowProbe);
  uint32_t next_seq = turn.seq() + turn.length();
  if (turn.length() > 0 || turn.has(kSyn | kFin)) {
    if (turn.has(kSyn | kFin)) ++next_seq;
    fwd.unacked.add({turn.seq(), next_seq, turn.packet.number, turn.packet.time_ns});
  }
  if (!probe && (fwd.next_seq == 0 || sequence_before(fwd.next_seq, next_seq))) {
    fwd.next_seq = next_seq;
    fwd.next_seq_ns = turn.packet.time_ns;
  }
  if (!probe && (fwd.max_seq_to_be_acked == 0 || turn.seq() == fwd.max_seq_to_be_acked))
    fwd.max_seq_to_be_acked = fwd.next_seq;
  fwd.window = turn.packet.tcp.window;
  fwd.window_of_syn = turn.has(kSyn);
  fwd.last_ack = turn.ack();
  fwd.last_ack_ns = turn.packet.time_ns;
  fwd.last_names = turn.view.names;
}

void WiresharkAnalysis::acknowledge(Turn& turn) {
  const UnackedSegment acked = turn.rev.unacked.acknowledge(turn.ack());
  if (acked.packet != 0) {
    turn.view.acks_packet = acked.packet;
    turn.view.ack_rtt_ns = between_ns(acked.time_ns, turn.packet.time_ns);
  }
  if (turn.length() > 0 && turn.fwd.in_flight_known) turn.view.in_flight = in_flight(turn);
  turn.fwd.sacked = sacked_by(turn.packet.tcp.options);
}

// What the newest acknowledgement reports by SACK is not in flight, nor are SYN and FIN.
uint32_t WiresharkAnalysis::in_flight(const Turn& turn) {
  const uint32_t bytes = turn.fwd.unacked.span(turn.fwd.base_seq) - turn.rev.sacked;
  if (bytes == 0 || bytes >= kMostInFlight) return 0;
  return turn.has(kSyn | kFin) ? bytes - 1 : bytes;
}

void WiresharkAnalysis::handshake(const Turn& turn) {
  const TcpOptions& options = turn.packet.tcp.options;
  Half& fwd = turn.fwd;
  Half& rev = turn.rev;
  if (turn.has(kSyn)) {
    if (options.has_window_scale && fwd.scale == Scale::Unknown) {
      fwd.scale = Scale::Used;
      fwd.shift = options.window_scale > 14 ? uint8_t{14} : options.window_scale;
    } else if (!options.has_window_scale) {
      fwd.scale = rev.scale = Scale::Unused;  // both must have the option
    }
    if (turn.has(kAck) && rev.scale == Scale::Unused) fwd.scale = Scale::Unused;
    if (!turn.has(kAck)) last_syn_ns_ = turn.packet.time_ns;
  } else if (turn.has(kAck) && initial_rtt_ns_ == 0 && last_syn_ns_ != 0) {
    initial_rtt_ns_ = between_ns(last_syn_ns_, turn.packet.time_ns);
  }
}

}  // namespace wireseam
