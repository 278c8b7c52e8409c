// SPDX-License-Identifier: Apache-2.0
#include "inspector/flow/tcp_analysis.h"

#include <algorithm>

#include "inspector/flow/acceptance.h"
#include "inspector/flow/elapsed.h"
#include "inspector/flow/segment_cause.h"
#include "inspector/flow/sequence.h"
#include "inspector/flow/stream_of.h"

namespace wireseam {
namespace {

constexpr uint64_t kKeepAliveSilenceNs = 1'000'000'000;
constexpr uint32_t kTimestampsSize = 12;  // of the option in each segment, padding included

class TcpAnalysis {
 public:
  TcpAnalysis(Connection& connection, const Packet& packet, Side sender, Connection& newest,
              FlowSink& sink)
      : connection_(connection),
        newest_(newest),
        packet_(packet),
        tcp_(packet.tcp),
        sender_(sender),
        direction_(connection.direction(sender)),
        fwd_(connection.half(direction_)),
        rev_(connection.half(opposite(direction_))),
        sink_(sink),
        length_(packet.tcp.has(kRst) ? 0 : packet.payload_length) {}

  void run();

 private:
  void begin_axes();
  void read_syn();
  void place();
  void acknowledge();
  void note_early_ack();
  void read_sacks(uint64_t ack);
  void ignore(Cause reason);
  void name();
  void judge();
  void add_before_axis(Novelty& novelty);
  Cause cause_sent_again(const Novelty& novelty);
  Cause cause_of_event() const;
  uint64_t round_trip_ns() const;
  bool is_keep_alive() const;
  bool is_below_next() const { return begin_ < static_cast<int64_t>(fwd_.sent_end); }
  bool was_sent_again() const;
  bool reuses_ports() const {
    return connection_.incarnation > 1 && tcp_.has(kSyn) && !tcp_.has(kAck) &&
           connection_.first_packet == packet_.number;
  }
  void count();
  void bring_bytes();
  void handshake();
  void teardown();
  void read_fin(Teardown& teardown);
  void acknowledge_fin(Teardown& teardown);
  void acknowledge_own_fin(Teardown& teardown);
  bool closes() const {
    return tcp_.has(kFin | kRst) || connection_.teardown->state != CloseState::Open ||
           connection_.teardown->doubtful_fins[0].packet != 0 ||
           connection_.teardown->doubtful_fins[1].packet != 0;
  }
  bool carries() const { return length_ > 0 || tcp_.has(kSyn | kFin); }

  Connection& connection_;
  Connection& newest_;  // Wireshark's conversation
  const Packet& packet_;
  const TcpHeader& tcp_;
  Side sender_;
  Direction direction_;
  Half& fwd_;
  Half& rev_;
  FlowSink& sink_;
  uint32_t
      length_;  // of what it brings to the stream: text in an RST is for people (RFC 9293 3.5.3)
  Segment segment_;
  Order order_ = Order::Unknown;
  int64_t begin_ = 0;  // of the payload; below zero where it lies before the axis
  bool syn_again_ = false;
  bool fin_again_ = false;
};

void TcpAnalysis::run() {
  if (direction_ == Direction::ToServer && connection_.handshake.prefers_rival(packet_))
    rev_.first_seq = connection_.handshake.syn_ack.seq + 1;
  if (const Cause reason = why_ignored(connection_, packet_, direction_); reason != Cause::None)
    return ignore(reason);
  // A SYN that crossed another is not sent again when it acknowledges that one.
  syn_again_ = tcp_.has(kSyn) && (tcp_.has(kAck) ? fwd_.syn_ack_seen : fwd_.syn_seen);
  fin_again_ = tcp_.has(kFin) && connection_.teardown->fin(direction_).packet != 0;
  begin_axes();
  if (tcp_.has(kSyn)) read_syn();
  place();
  name();
  judge();
  // Wireshark has no word for a packet whose options it can't read.
  if (tcp_.options.cut) segment_.wireshark = {};
  newest_.complete(packet_);
  sink_.segment(connection_, segment_);
  bring_bytes();
  handshake();
  if (closes()) teardown();
  sink_.packet_done();
}

// It is told, and changes nothing.
void TcpAnalysis::ignore(Cause reason) {
  place();
  name();
  segment_.cause = reason;
  segment_.ack = rev_.acked;
  ++fwd_.packets;
  if (tcp_.has(kFin) && reason == Cause::IgnoredOutOfWindow)
    connection_.teardown.change().doubtful_fins[static_cast<size_t>(direction_)] = {
        .packet = packet_.number, .time_ns = packet_.time_ns, .offset = segment_.range.end};
  newest_.complete(packet_);
  sink_.segment(connection_, segment_);
  sink_.packet_done();
}

// Offset 0 is the first byte behind the SYN, or else the first one seen or waited for.
// Mirrored ports may deliver an ACK before what it acknowledges.
void TcpAnalysis::begin_axes() {
  const bool by_syn = tcp_.has(kSyn) && (!fwd_.syn_seen || fwd_.sent_end == 0);
  const bool behind_its_ack = fwd_.packets == 0 && !fwd_.syn_seen && length_ > 0 &&
                              sequence_before(tcp_.seq, fwd_.first_seq);
  if (!fwd_.begun || by_syn || behind_its_ack)
    fwd_.begin_at(tcp_.has(kSyn) ? tcp_.seq + 1 : tcp_.seq);
  if (!rev_.begun && tcp_.has(kAck) && !tcp_.has(kRst)) rev_.begin_at(tcp_.ack);
}

void TcpAnalysis::read_syn() {
  const TcpOptions& options = tcp_.options;
  fwd_.syn_seen = true;
  if (tcp_.has(kAck)) fwd_.syn_ack_seen = true;
  fwd_.mss = options.mss;
  fwd_.window_scaled = options.has_window_scale;
  fwd_.window_shift = std::min<uint8_t>(options.window_scale, 14);
  fwd_.sack_permitted = options.sack_permitted;
  fwd_.timestamps = options.has_timestamps;
  fwd_.options_cut = options.cut;
}

void TcpAnalysis::place() {
  const uint32_t seq = tcp_.has(kSyn) ? tcp_.seq + 1 : tcp_.seq;
  if (fwd_.begun) begin_ = unwrapped(seq, fwd_.first_seq, static_cast<int64_t>(fwd_.sent_end));
  const int64_t end = begin_ + length_;
  segment_.range = {static_cast<uint64_t>(std::max<int64_t>(begin_, 0)),
                    static_cast<uint64_t>(std::max<int64_t>(end, 0))};
  if (!fwd_.syn_seen && begin_ < 0)
    segment_.before_axis = static_cast<uint32_t>(std::min<int64_t>(-begin_, length_));
  segment_.packet = packet_.number;
  segment_.time_ns = packet_.time_ns;
  segment_.direction = direction_;
  segment_.flags = tcp_.flags;
  segment_.rst_text = packet_.payload_length - length_;
  const bool scaled = fwd_.window_scaled && rev_.window_scaled && !tcp_.has(kSyn);
  segment_.window = uint64_t{tcp_.window} << (scaled ? fwd_.window_shift : 0);
  segment_.window_scale_unknown = is_window_scale_unknown(tcp_, fwd_, rev_);
}

void TcpAnalysis::name() {
  const WiresharkView view = newest_.wireshark.packet(packet_, sender_);
  segment_.wireshark = view.names;
  if (reuses_ports()) segment_.wireshark.add(WiresharkName::ReusedPorts);
  segment_.in_flight = view.in_flight;
  segment_.acks_packet = view.acks_packet;
  segment_.ack_rtt_ns = view.ack_rtt_ns;
  segment_.duplicate_acks = view.duplicate_acks;
}

void TcpAnalysis::judge() {
  const bool in_sequence = static_cast<uint64_t>(begin_) == fwd_.sent_end && carries();
  order_ = fwd_.order.place(packet_, in_sequence && !syn_again_ && !fin_again_);
  Novelty novelty = fwd_.stream.novelty(segment_.range);
  if (segment_.before_axis > 0) add_before_axis(novelty);
  segment_.fresh = novelty.fresh;
  const bool behind = begin_ < static_cast<int64_t>(fwd_.sent_end) || syn_again_ || fin_again_;
  const bool was_under_way = order_ == Order::Same || order_ == Order::Older;
  const bool asks = is_keep_alive() || segment_.wireshark.has(WiresharkName::ZeroWindowProbe);
  if (!was_under_way && asks) {
    segment_.cause = cause_of_event();
  } else if (carries() && behind) {
    segment_.cause = cause_sent_again(novelty);
  } else if (carries() && segment_.range.begin > fwd_.sent_end) {
    segment_.cause = Cause::Hole;
    segment_.about = {fwd_.sent_end, segment_.range.begin};
  } else if (!carries() && order_ == Order::Same) {
    segment_.cause = Cause::NetworkDuplicate;
  } else if (!carries() && order_ == Order::Older) {
    segment_.cause = Cause::Reordered;
  } else {
    segment_.cause = cause_of_event();
  }
  acknowledge();
  count();
}

// Bytes that lie before the first one that was seen are new, unless they came before.
void TcpAnalysis::add_before_axis(Novelty& novelty) {
  const auto from = static_cast<uint64_t>(-begin_);  // counts back from the axis
  const uint64_t to = from - segment_.before_axis;
  const uint64_t known = fwd_.incidents->bytes_before_axis;
  if (from <= known) return;
  segment_.fresh_before_axis = static_cast<uint32_t>(from - std::max(known, to));
  novelty.fresh += segment_.fresh_before_axis;
  if (novelty.hole_ns == 0) novelty.hole_ns = connection_.first_ns;
  fwd_.incidents.change().bytes_before_axis = from;
}

// RFC 9293 section 3.8.4. Linux probes a closed window in the same shape.
bool TcpAnalysis::is_keep_alive() const {
  if (!segment_.wireshark.has(WiresharkName::KeepAlive) || !is_below_next()) return false;
  if (length_ == 0) return true;
  return fwd_.acked >= segment_.range.end &&
         elapsed_ns(fwd_.last_sent_ns, packet_.time_ns) >= kKeepAliveSilenceNs;
}

// From one end to the other and back, wherever the capture was taken; 0: not known.
uint64_t TcpAnalysis::round_trip_ns() const {
  if (fwd_.smallest_rtt_ns == 0 || rev_.smallest_rtt_ns == 0) return 0;
  return fwd_.smallest_rtt_ns + rev_.smallest_rtt_ns;
}

Cause TcpAnalysis::cause_sent_again(const Novelty& novelty) {
  const uint64_t fin = tcp_.has(kFin) ? 1 : 0;
  const FinStep& fin_before = connection_.teardown->fin(direction_);
  SentAgain again;
  again.order = order_;
  again.begin = segment_.range.begin;
  again.end = segment_.range.end + fin;
  again.newest = fwd_.sent_end + (fin_before.packet != 0 ? 1 : 0);
  again.fresh = novelty.fresh;
  if (tcp_.has(kSyn)) {
    const Handshake& shake = connection_.handshake;
    again.received = (tcp_.has(kAck) ? shake.ack : shake.syn_ack).packet != 0;
  } else {
    const bool has_begin = segment_.before_axis == 0 || fwd_.begin_acked;
    const bool sacked =
        fwd_.incidents->sacked_begin <= again.begin && again.end <= fwd_.incidents->sacked_end;
    again.received = has_begin && (again.end <= fwd_.acked || sacked);
  }
  again.hole_reported =
      fwd_.incidents->duplicate_acks >= 2 || fwd_.incidents->sacked_end > again.end;
  again.silence_ns = elapsed_ns(fwd_.last_sent_ns, packet_.time_ns);
  again.hole_age_ns = elapsed_ns(novelty.hole_ns, packet_.time_ns);
  again.hole_in_tick = novelty.hole_ns >= fwd_.order.tick_ns();
  again.copy_age_ns = fwd_.order.copy_age_ns();
  again.syn = tcp_.has(kSyn);
  again.rtt_ns = round_trip_ns();
  const Cause cause = cause_of(again, fwd_);
  if (is_retransmission(cause) && novelty.hole_packet != 0)
    sink_.note(connection_, {novelty.hole_packet, packet_.time_ns, direction_,
                             Cause::LostBeforeCapture, segment_.range});
  return cause;
}

// What the segment tells about windows and acknowledgements; there Wireshark's definitions are
// ours, but for a probe in the shape of a keep-alive, and where Wireshark takes the number 0 for
// one that it does not know.
Cause TcpAnalysis::cause_of_event() const {
  const WiresharkNames names = segment_.wireshark;
  const bool closed = segment_.window == 0;
  if (reuses_ports()) return Cause::PortsReused;
  if (names.has(WiresharkName::KeepAlive) && is_below_next())
    return rev_.window_closed ? Cause::ZeroWindowProbe : Cause::KeepAlive;
  if (names.has(WiresharkName::ZeroWindowProbe)) return Cause::ZeroWindowProbe;
  if (names.has(WiresharkName::ZeroWindowProbeAck)) return Cause::ZeroWindowProbeAck;
  if (rev_.probed && closed && length_ == 0) return Cause::ZeroWindowProbeAck;
  if (names.has(WiresharkName::KeepAliveAck) && fwd_.acknowledges) return Cause::KeepAliveAck;
  if (names.has(WiresharkName::ZeroWindow)) return Cause::ZeroWindow;
  if (names.has(WiresharkName::WindowFull)) return Cause::WindowFull;
  if (!fwd_.acknowledges) return Cause::None;  // nothing that it could repeat
  if (names.has(WiresharkName::DuplicateAck)) return Cause::DuplicateAck;
  if (names.has(WiresharkName::WindowUpdate)) return Cause::WindowUpdate;
  return Cause::None;
}

void TcpAnalysis::acknowledge() {
  fwd_.window_closed = tcp_.window == 0 && !tcp_.has(kSyn | kFin | kRst);
  if (!tcp_.has(kAck)) return;
  if (rev_.stream.has_hole()) rev_.incidents.change().heard_ns = packet_.time_ns;
  if (!tcp_.has(kRst)) {
    fwd_.acknowledges = true;
    fwd_.window = largest_window(tcp_, fwd_, rev_);
  }
  const int64_t ack = unwrapped(tcp_.ack, rev_.first_seq, static_cast<int64_t>(rev_.acked));
  segment_.ack = static_cast<uint64_t>(std::max<int64_t>(ack, 0));
  if (ack >= 0) rev_.begin_acked = true;
  if (segment_.ack > rev_.acked) {
    rev_.acked = segment_.ack;
    note_early_ack();
    if (rev_.incidents->duplicate_acks > 0) rev_.incidents.change().duplicate_acks = 0;
    if (rev_.incidents->recovery != Recovery::None && rev_.acked >= rev_.incidents->recovery_end)
      rev_.incidents.change().recovery = Recovery::None;
  } else if (segment_.duplicate_acks > 0) {
    rev_.incidents.change().duplicate_acks = segment_.duplicate_acks;
  }
  if (segment_.ack_rtt_ns > 0) {
    const auto rtt_ns = static_cast<uint64_t>(segment_.ack_rtt_ns);
    if (rev_.smallest_rtt_ns == 0 || rtt_ns < rev_.smallest_rtt_ns) rev_.smallest_rtt_ns = rtt_ns;
  }
  if (tcp_.options.sack_count > 0) read_sacks(segment_.ack);
}

// Where mirrored ports deliver the ACK of a FIN before it.
void TcpAnalysis::note_early_ack() {
  if (rev_.acked <= rev_.sent_end || connection_.teardown->fin(opposite(direction_)).packet != 0)
    return;
  rev_.incidents.change().early_ack_packet = packet_.number;
  rev_.incidents.change().early_ack_ns = packet_.time_ns;
}

// RFC 2018; the first block of a D-SACK (RFC 2883 section 4) lies below the acknowledgement, or in
// the second block.
void TcpAnalysis::read_sacks(uint64_t ack) {
  const auto near = static_cast<int64_t>(ack);
  std::array<ByteRange, 4> blocks;
  for (size_t i = 0; i < tcp_.options.sack_count; ++i) {
    const SackBlock block = tcp_.options.sacks[i];
    const int64_t begin = unwrapped(block.begin, rev_.first_seq, near);
    const int64_t end = unwrapped(block.end, rev_.first_seq, near);
    if (begin < 0 || end <= begin) return;
    blocks[i] = {static_cast<uint64_t>(begin), static_cast<uint64_t>(end)};
    if (blocks[i].end > std::max(rev_.incidents->sacked_end, ack)) {
      rev_.incidents.change().sacked_begin = blocks[i].begin;
      rev_.incidents.change().sacked_end = blocks[i].end;
    }
  }
  const bool inside_second = tcp_.options.sack_count > 1 && blocks[1].begin <= blocks[0].begin &&
                             blocks[0].end <= blocks[1].end;
  if (blocks[0].begin >= ack && !inside_second) return;
  if (segment_.cause != Cause::None && segment_.cause != Cause::DuplicateAck) return;
  segment_.cause = Cause::DuplicateReport;
  segment_.about = blocks[0];
}

// Not so what the network copied, nor what only asks for an answer.
bool TcpAnalysis::was_sent_again() const {
  return segment_.cause != Cause::NetworkDuplicate && segment_.cause != Cause::KeepAlive &&
         segment_.cause != Cause::ZeroWindowProbe;
}

void TcpAnalysis::count() {
  fwd_.probed = segment_.cause == Cause::ZeroWindowProbe;
  ++fwd_.packets;
  if (segment_.cause == Cause::Reordered) ++fwd_.incidents.change().reordered;
  if (segment_.cause == Cause::NetworkDuplicate) ++fwd_.incidents.change().duplicated;
  if (segment_.cause == Cause::ZeroWindow) ++fwd_.incidents.change().zero_windows;
  if (is_retransmission(segment_.cause)) ++fwd_.incidents.change().resent_segments;
  if (carries()) {
    fwd_.last_sent_ns = packet_.time_ns;
    fwd_.sent_end = std::max(fwd_.sent_end, segment_.range.end);
  }
  if (length_ == 0) return;
  ++fwd_.segments;
  fwd_.payload_bytes += length_;
  if (segment_.fresh < length_ && was_sent_again())
    fwd_.incidents.change().resent_bytes += length_ - segment_.fresh;
  // Each side announces what it can take, so what is sent obeys the other one's.
  const uint32_t taken = fwd_.timestamps ? kTimestampsSize : 0;
  const uint32_t mss = rev_.mss > taken ? rev_.mss - taken : 0;
  if (mss != 0 && length_ > mss) segment_.wire_packets = (length_ + mss - 1) / mss;
  if (segment_.wire_packets == 1) return;
  ++fwd_.incidents.change().offloaded;
  fwd_.incidents.change().further_packets += segment_.wire_packets - 1;
}

void TcpAnalysis::bring_bytes() {
  if (segment_.range.empty()) return;
  const auto before_axis = static_cast<size_t>(static_cast<int64_t>(segment_.range.begin) - begin_);
  const auto captured = packet_.payload.subspan(std::min(before_axis, packet_.payload.size()));
  StreamOf stream(connection_, direction_, packet_.time_ns, sink_);
  const Copies copies =
      fwd_.stream.insert({segment_.range, packet_.number, packet_.time_ns, captured}, stream);
  if (copies == Copies::Differ)
    sink_.note(connection_,
               {packet_.number, packet_.time_ns, direction_, Cause::DifferentCopy, segment_.range});
}

void TcpAnalysis::handshake() {
  // Nothing completes what was reset while it was half-open.
  if (connection_.handshake.state == HandshakeState::SynReceived && connection_.teardown->over())
    return;
  const auto sender =
      direction_ == Direction::ToServer ? Handshake::Sender::Client : Handshake::Sender::Server;
  if (connection_.handshake.packet(packet_, sender)) sink_.handshake(connection_);
}

void TcpAnalysis::teardown() {
  Teardown& teardown = connection_.teardown.change();
  const CloseState before = teardown.state;
  if (tcp_.has(kFin)) read_fin(teardown);
  if (tcp_.has(kAck)) acknowledge_fin(teardown);
  if (connection_.key.end(Side::A) == connection_.key.end(Side::B)) acknowledge_own_fin(teardown);
  if (tcp_.has(kRst) && teardown.rst.packet == 0) {
    const uint64_t sent = rev_.sent_end;
    teardown.rst = {packet_.number, packet_.time_ns, direction_,
                    sent > rev_.acked ? sent - rev_.acked : 0};
  }
  teardown.update_state();
  if (teardown.state != before) sink_.closing(connection_);
}

void TcpAnalysis::read_fin(Teardown& teardown) {
  FinStep& fin = teardown.fin(direction_);
  if (fin.packet != 0) return;
  fin = {.packet = packet_.number, .time_ns = packet_.time_ns, .offset = segment_.range.end};
  // Two mirrored ports needn't deliver in order.
  if (fwd_.acked <= fin.offset) return;
  fin.ack_packet = fwd_.incidents->early_ack_packet;
  fin.ack_ns = fwd_.incidents->early_ack_ns;
}

void TcpAnalysis::acknowledge_fin(Teardown& teardown) {
  FinStep& fin = teardown.fin(opposite(direction_));
  const FinStep& doubtful = teardown.doubtful_fins[static_cast<size_t>(opposite(direction_))];
  if (fin.packet == 0 && doubtful.packet != 0 && segment_.ack == doubtful.offset + 1)
    fin = doubtful;
  if (fin.packet == 0 || fin.ack_packet != 0 || segment_.ack <= fin.offset) return;
  fin.ack_packet = packet_.number;
  fin.ack_ns = packet_.time_ns;
}

// A socket that is connected to itself sends one FIN, and acknowledges it.
void TcpAnalysis::acknowledge_own_fin(Teardown& teardown) {
  FinStep& fin = teardown.fin(direction_);
  if (fin.packet == 0 || tcp_.ack - fwd_.first_seq != static_cast<uint32_t>(fin.offset) + 1) return;
  fin.ack_packet = packet_.number;
  fin.ack_ns = packet_.time_ns;
  teardown.state = CloseState::Closed;
}

}  // namespace

void analyse_tcp(Connection& connection, const Packet& packet, Side sender, Connection& newest,
                 FlowSink& sink) {
  TcpAnalysis(connection, packet, sender, newest, sink).run();
}

}  // namespace wireseam
