// SPDX-License-Identifier: Apache-2.0
#include "inspector/report/json_parts.h"

#include <iterator>

#include "inspector/join/names.h"

namespace wireseam {
namespace {

// A packet of the handshake; its numbers as they are and counted from both sides' first ones.
void write_step(JsonLine& line, std::string_view key, const HandshakeStep& step, const Half& sender,
                const Half& receiver) {
  if (step.packet == 0) return;
  line.out.key(key);
  const JsonObject object(line.out);
  line.out.key("packet").number(step.packet);
  line.write_time("time", step.time_ns);
  line.out.key("seq").number(step.seq);
  line.out.key("ack").number(step.ack);
  if (sender.syn_seen) line.out.key("relative_seq").number(relative_number(step.seq, sender));
  if (step.acknowledges && receiver.syn_seen)
    line.out.key("relative_ack").number(relative_number(step.ack, receiver));
}

void write_fin(JsonLine& line, std::string_view key, const FinStep& fin) {
  if (fin.packet == 0) return;
  line.out.key(key);
  const JsonObject object(line.out);
  line.out.key("packet").number(fin.packet);
  line.write_time("time", fin.time_ns);
  line.out.key("offset").number(fin.offset);
  if (fin.ack_packet == 0) return;
  line.out.key("ack_packet").number(fin.ack_packet);
  line.write_time("ack_time", fin.ack_ns);
}

void write_losses(JsonWriter& out, const Incidents& losses) {
  out.key("retransmissions").number(losses.resent_segments);
  out.key("resent_bytes").number(losses.resent_bytes);
  out.key("missing_bytes").number(losses.missing_bytes);
  if (losses.bytes_before_axis != 0) out.key("before_first_bytes").number(losses.bytes_before_axis);
  if (losses.cut_bytes != 0) out.key("cut_bytes").number(losses.cut_bytes);
  out.key("reordered").number(losses.reordered);
  out.key("duplicated").number(losses.duplicated);
}

// {"1":20,"2":3,"5-8":1}: how often each count came up.
void write_histogram(JsonWriter& out, std::string_view key, const CountHistogram& histogram) {
  static constexpr std::string_view kKeys[] = {"0", "1", "2", "3", "4", "5-8", "9-16", "17+"};
  static_assert(std::size(kKeys) == CountHistogram::kLargest.size());
  out.key(key);
  const JsonObject object(out);
  for (size_t bucket = 0; bucket < std::size(kKeys); ++bucket)
    if (histogram.times()[bucket] != 0) out.key(kKeys[bucket]).number(histogram.times()[bucket]);
}

}  // namespace

void JsonLine::write_time(std::string_view key, uint64_t time_ns) {
  out.key(key);
  text += '"';
  time.append(text, time_ns);
  text += '"';
}

std::string_view json_name(Direction direction) {
  return direction == Direction::ToServer ? "to-server" : "to-client";
}

std::string_view json_name(Transport transport) {
  switch (transport) {
    case Transport::None:
      break;
    case Transport::Tcp:
      return "tcp";
    case Transport::Udp:
      return "udp";
  }
  return "none";
}

void write_range(JsonWriter& out, std::string_view key, ByteRange range) {
  out.key(key);
  const JsonObject object(out);
  out.key("begin").number(range.begin);
  out.key("end").number(range.end);
}

void write_end(JsonWriter& out, std::string_view key, const FlowEnd& end, IpVersion version) {
  out.key(key);
  const JsonObject object(out);
  out.key("address").string(address_text(end.address, version));
  out.key("port").number(end.port);
}

void write_handshake(JsonLine& line, const Connection& connection) {
  const Handshake& shake = connection.handshake;
  const Half& client = connection.half(Direction::ToServer);
  const Half& server = connection.half(Direction::ToClient);
  const bool refused = shake.state == HandshakeState::Refused;
  line.out.key("state").string(to_string(shake.state));
  write_step(line, "syn", shake.syn, client, server);
  write_step(line, "syn_ack", shake.syn_ack, server, client);
  write_step(line, refused ? "rst" : "ack", shake.ack, refused ? server : client,
             refused ? client : server);
  line.out.key("syns").number(shake.syns);
  line.out.key("syn_acks").number(shake.syn_acks);
  if (shake.server_rtt_ns() != 0) line.out.key("server_rtt_ns").number(shake.server_rtt_ns());
  if (shake.client_rtt_ns() != 0) line.out.key("client_rtt_ns").number(shake.client_rtt_ns());
}

void write_teardown(JsonLine& line, const Connection& connection) {
  const Teardown& teardown = *connection.teardown;
  line.out.key("state").string(to_string(teardown.state));
  write_fin(line, "fin_to_server", teardown.fin(Direction::ToServer));
  write_fin(line, "fin_to_client", teardown.fin(Direction::ToClient));
  if (teardown.rst.packet == 0) return;
  line.out.key("rst");
  const JsonObject object(line.out);
  line.out.key("packet").number(teardown.rst.packet);
  line.write_time("time", teardown.rst.time_ns);
  line.out.key("direction").string(json_name(teardown.rst.direction));
  line.out.key("discarded_bytes").number(teardown.rst.discarded);
}

void write_half(JsonWriter& out, const Half& half) {
  out.key("packets").number(half.packets);
  out.key("segments").number(half.segments);
  out.key("bytes").number(half.payload_bytes);
  out.key("stream_bytes").number(half.sent_end);
  if (half.vlan != 0) {
    out.key("vlans");
    const JsonArray vlans(out);
    if (half.vlan >> 12 != 0) out.number(half.vlan >> 12);
    out.number(half.vlan & 0xfff);
  }
  out.key("wire_packets").number(half.wire_packets());
  if (half.incidents->offloaded > 0)
    out.key("offloaded_segments").number(half.incidents->offloaded);
  if (half.syn_seen) {
    out.key("initial_seq").number(half.first_seq - 1);
    if (!half.mss_unknown()) out.key("mss").number(half.mss);
    if (half.window_scaled) out.key("window_shift").number(half.window_shift);
    if (!half.sack_unknown()) out.key("sack_permitted").boolean(bool{half.sack_permitted});
    if (!half.timestamps_unknown()) out.key("timestamps").boolean(bool{half.timestamps});
    if (half.options_cut) out.key("options_cut").boolean(true);
  }
  if (half.smallest_rtt_ns != 0) out.key("smallest_rtt_ns").number(half.smallest_rtt_ns);
  if (half.incidents->zero_windows > 0)
    out.key("zero_windows").number(half.incidents->zero_windows);
  write_losses(out, *half.incidents);
}

void write_seams(JsonWriter& out, const SeamCounts& counts, uint64_t undecoded_bytes) {
  out.key("frames").number(counts.frames);
  out.key("split_frames").number(counts.split);
  out.key("coalesced_segments").number(counts.coalesced);
  out.key("aligned_segments").number(counts.aligned);
  write_histogram(out, "segments_of_frame", counts.segments_of_frame);
  write_histogram(out, "frames_of_segment", counts.frames_of_segment);
  out.key("undecoded_bytes").number(undecoded_bytes);
}

}  // namespace wireseam
