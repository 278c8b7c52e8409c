// SPDX-License-Identifier: Apache-2.0
// The keys of a line, in the order of docs/json.md.
#include "inspector/report/json.h"

#include <algorithm>

#include "inspector/join/names.h"
#include "inspector/report/json_frame.h"
#include "inspector/report/json_parts.h"

namespace wireseam {
namespace {

void write_names(JsonWriter& out, WiresharkNames names) {
  out.key("wireshark");
  const JsonArray array(out);
  names.for_each([&](std::string_view name) { out.string(name); });
}

void write_flags(JsonWriter& out, uint16_t flags) {
  out.key("flags");
  const JsonArray array(out);
  for_each_flag(flags, [&](std::string_view name) { out.string(name); });
}

// What Wireshark, too, has of acknowledgements.
void write_acknowledgement(JsonWriter& out, const Segment& segment) {
  if (segment.in_flight != 0) out.key("bytes_in_flight").number(segment.in_flight);
  if (segment.acks_packet != 0) {
    out.key("acks_packet").number(segment.acks_packet);
    out.key("ack_rtt_ns").number(segment.ack_rtt_ns);
  }
  if (segment.duplicate_acks != 0) out.key("duplicate_acks").number(segment.duplicate_acks);
}

std::string_view json_name(DecodeVerdict verdict) {
  switch (verdict) {
    case DecodeVerdict::Whole:
      return "whole";
    case DecodeVerdict::Other:
      return "other";
    case DecodeVerdict::Fragment:
      return "fragment";
    case DecodeVerdict::Truncated:
      return "truncated";
    case DecodeVerdict::Malformed:
      return "malformed";
  }
  return "other";
}

void write_decoded(JsonWriter& out, const DecodeCounts& counts) {
  out.key("decoded");
  const JsonObject object(out);
  for (const DecodeVerdict verdict :
       {DecodeVerdict::Whole, DecodeVerdict::Other, DecodeVerdict::Fragment,
        DecodeVerdict::Truncated, DecodeVerdict::Malformed})
    out.key(json_name(verdict)).number(counts.packets(verdict));
  out.key("reasons");
  const JsonArray array(out);
  for (const DecodeCount& count : counts.by_reason()) {
    const JsonObject reason(out);
    out.key("verdict").string(json_name(count.verdict));
    out.key("reason").string(count.reason);
    out.key("packets").number(count.packets);
  }
}

void write_reassembly(JsonWriter& out, const ReassemblyCounts& counts) {
  out.key("fragmented_datagrams");
  const JsonObject object(out);
  out.key("complete").number(counts.complete);
  out.key("timed_out").number(counts.timed_out);
  out.key("crowded_out").number(counts.crowded_out);
  out.key("contradictory").number(counts.contradictory);
}

void write_losses(JsonWriter& out, const CaptureLosses& losses) {
  out.key("kernel").number(losses.kernel);
  out.key("interface").number(losses.interface);
  if (losses.calls > 0) out.key("calls").number(losses.calls);
}

void write_seams_of(JsonWriter& out, const Seams& seams) {
  out.key("frames");
  const JsonObject object(out);
  out.key("begun").number(seams.begun);
  out.key("ended").number(seams.ended);
  out.key("continued").boolean(seams.continued);
  out.key("continues").boolean(seams.continues);
}

void write_framing(JsonWriter& out, const ConnectionFrames& frames) {
  out.key("framing");
  const JsonObject object(out);
  out.key("name").string(to_string(*frames.framing()));
  out.key("reason").string(frames.reason());
}

}  // namespace

void JsonReport::begin(std::string_view type) {
  text_ += R"({"version":1,"type":")";
  text_ += type;
  text_ += '"';
}

void JsonReport::begin(std::string_view type, uint64_t connection) {
  begin(type);
  out_.key("connection").number(connection);
}

void JsonReport::end() { text_ += "}\n"; }

void JsonReport::time(std::string_view key, uint64_t time_ns) {
  JsonLine{out_, text_, time_}.write_time(key, time_ns);
}

void JsonReport::ends(const Connection& connection) {
  write_end(out_, "client", connection.client_end(), connection.key.version);
  write_end(out_, "server", connection.server_end(), connection.key.version);
}

void JsonReport::handshake(const Connection& connection) {
  JsonLine line{out_, text_, time_};
  begin("handshake", connection.id);
  time("time", connection.handshake.end_ns);
  ends(connection);
  write_handshake(line, connection);
  end();
}

void JsonReport::segment(const Connection& connection, const Segment& segment, const Seams* seams) {
  if (segments_ == Segments::Hidden) return;
  const bool tcp = connection.key.transport == Transport::Tcp;
  begin("segment", connection.id);
  out_.key("packet").number(segment.packet);
  time("time", segment.time_ns);
  out_.key("direction").string(json_name(segment.direction));
  if (tcp) write_flags(out_, segment.flags);
  write_range(out_, "range", segment.range);
  out_.key("fresh_bytes").number(segment.fresh);
  if (tcp) {
    if ((segment.flags & kAck) != 0) out_.key("ack").number(segment.ack);
    out_.key("window").number(segment.window);
    if (segment.window_scale_unknown) out_.key("window_scale_unknown").boolean(true);
    out_.key("cause").string(to_string(segment.cause));
    write_names(out_, segment.wireshark);
    write_acknowledgement(out_, segment);
    if (segment.before_axis > 0) out_.key("before_first_bytes").number(segment.before_axis);
    if (segment.rst_text > 0) out_.key("rst_text_bytes").number(segment.rst_text);
    if (segment.wire_packets > 1) out_.key("wire_packets").number(segment.wire_packets);
  }
  if (seams != nullptr) write_seams_of(out_, *seams);
  end();
}

void JsonReport::note(const Connection& connection, const Note& note) {
  begin("note", connection.id);
  out_.key("packet").number(note.packet);
  time("time", note.time_ns);
  out_.key("direction").string(json_name(note.direction));
  out_.key("cause").string(to_string(note.cause));
  write_names(out_, note.wireshark);
  write_range(out_, "range", note.range);
  if (note.duplicate_acks != 0) out_.key("duplicate_acks").number(note.duplicate_acks);
  end();
}

void JsonReport::frame(const Connection& connection, Direction direction, const Frame& frame,
                       const Framing* framing) {
  begin("frame", connection.id);
  JsonLine line{out_, text_, time_};
  write_frame(line, direction, frame, framing);
  end();
}

void JsonReport::undecoded(const Connection& connection, Direction direction,
                           const Undecoded& undecoded, uint64_t packet) {
  begin("note", connection.id);
  if (packet != 0) out_.key("packet").number(packet);
  time("time", connection.last_ns);
  out_.key("direction").string(json_name(direction));
  out_.key("cause").string("undecoded");
  write_names(out_, {});
  write_range(out_, "range", undecoded.range);
  out_.key("reason").string(to_string(undecoded));
  end();
}

void JsonReport::closing(const Connection& connection, uint64_t packet, uint64_t time_ns) {
  JsonLine line{out_, text_, time_};
  begin("close", connection.id);
  out_.key("packet").number(packet);
  time("time", time_ns);
  write_teardown(line, connection);
  end();
}

void JsonReport::ended(const Connection& connection, const ConnectionFrames* frames,
                       EndReason reason) {
  JsonLine line{out_, text_, time_};
  const bool tcp = connection.key.transport == Transport::Tcp;
  begin("connection", connection.id);
  out_.key("transport").string(json_name(connection.key.transport));
  ends(connection);
  if (connection.client_is_guess) out_.key("client_is_guess").boolean(true);
  out_.key("incarnation").number(connection.incarnation);
  if (tcp) out_.key("state").string(state_text(connection));
  out_.key("ended").string(to_string(reason));
  out_.key("first_packet").number(connection.first_packet);
  time("first_time", connection.first_ns);
  time("last_time", connection.last_ns);
  if (tcp) {
    out_.key("completeness").number(connection.completeness);
    if (connection.wireshark.initial_rtt_ns() != 0)
      out_.key("initial_rtt_ns").number(connection.wireshark.initial_rtt_ns());
    out_.key("handshake");
    {
      const JsonObject object(out_);
      write_handshake(line, connection);
    }
    out_.key("teardown");
    const JsonObject object(out_);
    write_teardown(line, connection);
  }
  if (frames != nullptr && frames->framing() != nullptr) write_framing(out_, *frames);
  for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
    out_.key(direction == Direction::ToServer ? "to_server" : "to_client");
    const JsonObject object(out_);
    write_half(out_, connection.half(direction));
    const uint64_t undecoded_bytes = frames == nullptr ? 0 : frames->undecoded_bytes(direction);
    if (const auto seams = seams_of(connection, frames, direction))
      write_seams(out_, *seams, undecoded_bytes);
  }
  end();
}

void JsonReport::dropped(const CaptureLosses& losses) {
  begin("drop");
  time("time", losses.time_ns);
  write_losses(out_, losses);
  end();
}

void JsonReport::summary(const CaptureSummary& summary) {
  begin("summary");
  out_.key("packets").number(summary.packets);
  if (summary.copies > 0) out_.key("copies").number(summary.copies);
  out_.key("wire_bytes").number(summary.wire_bytes);
  if (summary.packets > 0) {
    time("first_time", summary.first_ns);
    time("last_time", summary.last_ns);
  }
  write_decoded(out_, summary.decoded);
  write_reassembly(out_, summary.reassembly);
  out_.key("drops");
  {
    const JsonObject object(out_);
    write_losses(out_, summary.losses);
  }
  out_.key("connections");
  {
    const JsonObject object(out_);
    out_.key("tcp").number(summary.tcp_connections);
    out_.key("udp").number(summary.udp_connections);
    out_.key("given_up").number(summary.flows.given_up);
  }
  out_.key("holes_given_up_for_memory").number(summary.flows.holes_given_up_for_memory);
  out_.key("notes").number(summary.notes);
  out_.key("datagrams").number(summary.frames.datagrams);
  write_seams(out_, summary.frames.seams, summary.frames.undecoded_bytes);
  if (summary.unplaced.ends > 0) {
    out_.key("unknown_places");
    const JsonObject object(out_);
    out_.key("ends").number(summary.unplaced.ends);
    out_.key("calls").number(summary.unplaced.calls);
    out_.key("bytes").number(summary.unplaced.bytes);
  }
  if (!summary.flaw.empty()) out_.key("flaw").string(summary.flaw);
  end();
}

}  // namespace wireseam
