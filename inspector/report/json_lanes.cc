// SPDX-License-Identifier: Apache-2.0
// The lines that calls beside packets make: frames with all their lanes, sends, receives, and
// conversations at their ends.
#include "inspector/join/findings.h"
#include "inspector/report/json.h"
#include "inspector/report/json_frame.h"
#include "inspector/report/json_parts.h"

namespace wireseam {
namespace {

// A call among those beside something else.
void write_call(JsonLine& line, const CallSpan& call) {
  line.out.key("call").string(call.name);
  line.out.key("pid").number(call.pid);
  line.out.key("tid").number(call.tid);
  line.out.key("fd").number(call.fd);
  line.write_time("time", call.begin_ns);
  line.out.key("duration_ns").number(call.duration_ns);
  write_range(line.out, "range", call.range);
}

void write_calls(JsonLine& line, std::string_view key, std::span<const CallSpan> calls) {
  line.out.key(key);
  const JsonArray array(line.out);
  for (const CallSpan& call : calls) {
    const JsonObject object(line.out);
    write_call(line, call);
  }
}

// With the bytes of the datagram that it moved, and its room for them.
void write_one_call(JsonLine& line, std::string_view key, const std::optional<CallSpan>& call) {
  if (!call) return;
  line.out.key(key);
  const JsonObject object(line.out);
  write_call(line, *call);
  line.out.key("room").number(call->room);
}

void write_others(JsonLine& line, const std::vector<CallSpan>& calls) {
  if (calls.empty()) return;
  line.out.key("also_received");
  const JsonArray array(line.out);
  for (const CallSpan& call : calls) {
    const JsonObject object(line.out);
    write_call(line, call);
    line.out.key("room").number(call.room);
  }
}

void write_error(JsonLine& line, const DatagramError& error) {
  line.out.key("icmp");
  const JsonObject object(line.out);
  line.out.key("packet").number(error.packet);
  line.write_time("time", error.time_ns);
  line.out.key("reason").string(error.reason);
  if (!error.told) return;
  line.out.key("told_by");
  const JsonObject told(line.out);
  write_call(line, *error.told);
  line.out.key("errno").string(error.errno_name);
}

void write_segments(JsonWriter& out, std::span<const WireSpan> segments) {
  out.key("segments");
  const JsonArray array(out);
  for (const WireSpan& segment : segments) {
    const JsonObject object(out);
    out.key("packet").number(segment.packet);
    write_range(out, "range", segment.range);
  }
}

void write_frame_numbers(JsonWriter& out, std::span<const FrameSpan> frames) {
  out.key("frames");
  const JsonArray array(out);
  for (const FrameSpan& frame : frames) out.number(frame.frame.number);
}

void write_cuts(JsonWriter& out, const FrameCuts& cuts) {
  out.key("cuts");
  const JsonArray array(out);
  cuts.for_each([&](std::string_view word) { out.string(word); });
}

void write_moment(JsonLine& line, std::string_view key, const CallMoment& moment) {
  if (!moment.seen()) return;
  line.out.key(key);
  const JsonObject object(line.out);
  line.out.key("call").string(moment.name);
  if (!moment.how.empty()) line.out.key("how").string(moment.how);
  line.write_time("time", moment.begin_ns);
  line.out.key("duration_ns").number(moment.duration_ns);
  if (moment.errnum != 0) line.out.key("errno").string(moment.error);
  if (moment.unread) line.out.key("unread_bytes").number(*moment.unread);
}

// Where calls lie of which nobody knows it, and why.
void write_doubt(JsonWriter& out, std::string_view key, const Placement& place) {
  if (place.known()) return;
  out.key(key);
  const JsonObject object(out);
  out.key("reason").string(to_string(place.doubt));
  out.key("from").number(place.known_until);
  if (!place.lost) out.key("until").number(place.known_from);
  out.key("calls").number(place.unplaced_calls);
  out.key("bytes").number(place.unplaced_bytes);
}

void write_party(JsonLine& line, std::string_view key, const Party& party) {
  line.out.key(key);
  const JsonObject object(line.out);
  line.out.key("traced").boolean(party.state == Party::State::Traced);
  if (party.traced_in != 0) line.out.key("traced_in").number(party.traced_in);
  if (party.never_accepted) {
    line.out.key("never_accepted").boolean(true);
    line.out.key("pid").number(party.pid);
    line.out.key("program").string(party.program);
  }
  if (party.state != Party::State::Traced) return;
  line.out.key("pid").number(party.pid);
  line.out.key("program").string(party.program);
  line.out.key("calls").number(party.calls);
  line.out.key("sent").number(party.sent);
  line.out.key("received").number(party.received);
  line.out.key("aligned").boolean(party.aligned());
  write_doubt(line.out, "unknown_sends", party.place(Way::Sent));
  write_doubt(line.out, "unknown_receives", party.place(Way::Received));
  write_moment(line, "begin", party.begin);
  write_moment(line, "shutdown", party.shutdown);
  write_moment(line, "end", party.end);
}

}  // namespace

void JsonReport::framed(const Conversation& conversation, Direction direction,
                        const FrameSpan& frame, const Beside& beside) {
  JsonLine line{out_, text_, time_};
  begin("frame", conversation.id);
  write_frame(line, direction, frame.frame, frame.framing);
  write_calls(line, "sends", beside.sends);
  write_calls(line, "receives", beside.receives);
  write_cuts(out_, cuts_of(frame, beside));
  if (!beside.whole) out_.key("incomplete").boolean(true);
  end();
}

void JsonReport::begin_call(std::string_view type, const Conversation& conversation,
                            Direction direction, const CallSpan& call) {
  JsonLine line{out_, text_, time_};
  begin(type, conversation.id);
  out_.key("direction").string(json_name(direction));
  write_call(line, call);
  if (call.room != 0) out_.key("room").number(call.room);
  if (call.urgent) out_.key("urgent").boolean(true);
  if (call.ambiguous) out_.key("ambiguous").boolean(true);
  if (call.unordered) out_.key("unordered").boolean(true);
}

void JsonReport::sent(const Conversation& conversation, Direction direction, const CallSpan& call,
                      const Beside& beside) {
  begin_call("send", conversation, direction, call);
  write_segments(out_, beside.segments);
  write_frame_numbers(out_, beside.frames);
  if (!beside.segments.empty()) {
    const Delay delay = delay_of(call, beside);
    out_.key("delay_ns").number(delay.first_ns);
    out_.key("last_delay_ns").number(delay.last_ns);
    if (delay.hold != Hold::None) out_.key("hold").string(to_string(delay.hold));
  }
  if (!beside.whole) out_.key("incomplete").boolean(true);
  end();
}

void JsonReport::received(const Conversation& conversation, Direction direction,
                          const CallSpan& call, const Beside& beside) {
  begin_call("receive", conversation, direction, call);
  write_segments(out_, beside.segments);
  write_frame_numbers(out_, beside.frames);
  if (!beside.segments.empty()) {
    out_.key("queued_ns").number(queued_ns(call, beside));
    if (const Wait wait = wait_of(call, beside); wait != Wait::None)
      out_.key("waited_for").string(to_string(wait));
  }
  if (!beside.whole) out_.key("incomplete").boolean(true);
  end();
}

void JsonReport::datagram(const DatagramTalk& talk, Direction direction, const Datagram& datagram) {
  JsonLine line{out_, text_, time_};
  begin("datagram", talk.id);
  out_.key("direction").string(json_name(direction));
  out_.key("number").number(datagram.number);
  out_.key("size").number(datagram.size);
  write_one_call(line, "send", datagram.send);
  if (datagram.packet) {
    out_.key("packet").number(datagram.packet->packet);
    line.write_time("packet_time", datagram.packet->time_ns);
  }
  write_one_call(line, "receive", datagram.receive);
  write_others(line, datagram.also_received);
  if (datagram.error) write_error(line, *datagram.error);
  {
    out_.key("fate");
    const JsonArray array(out_);
    datagram.for_each_fate([&](std::string_view word) { out_.string(word); });
  }
  if (datagram.duplicate_of != 0) out_.key("duplicate_of").number(datagram.duplicate_of);
  end();
}

void JsonReport::datagrams(const DatagramTalk& talk) {
  begin("datagrams", talk.id);
  out_.key("transport").string(to_string(talk.medium));
  out_.key("client").string(talk.client);
  out_.key("server").string(talk.server);
  out_.key("packets_seen").boolean(talk.on_wire);
  for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
    const DatagramCounts& counts = talk.counts[static_cast<size_t>(direction)];
    out_.key(direction == Direction::ToServer ? "to_server" : "to_client");
    const JsonObject object(out_);
    out_.key("datagrams").number(counts.datagrams);
    out_.key("lost").number(counts.lost);
    out_.key("reordered").number(counts.reordered);
    out_.key("duplicates").number(counts.duplicates);
    out_.key("truncated").number(counts.truncated);
  }
  end();
}

void JsonReport::joined(const Conversation& conversation) {
  if (!conversation.is_traced()) return;
  JsonLine line{out_, text_, time_};
  begin("conversation", conversation.id);
  out_.key("transport").string(to_string(conversation.medium));
  out_.key("client").string(conversation.client);
  out_.key("server").string(conversation.server);
  out_.key("packets_seen").boolean(conversation.on_wire);
  write_party(line, "client_calls", conversation.party(Role::Client));
  write_party(line, "server_calls", conversation.party(Role::Server));
  if (const auto waited = backlog_ns(conversation)) out_.key("backlog_ns").number(*waited);
  if (const auto reset = reset_of(conversation)) {
    out_.key("reset");
    const JsonObject object(out_);
    out_.key("by").string(reset->by == Role::Client ? "client" : "server");
    out_.key("cause").string(to_string(reset->cause));
  }
  if (const auto who = discarder(conversation))
    out_.key("reset_for_unread_bytes_by").string(*who == Role::Client ? "client" : "server");
  end();
}

}  // namespace wireseam
