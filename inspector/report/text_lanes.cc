// SPDX-License-Identifier: Apache-2.0
// The lines that calls beside packets make: a line for each send, frame and receive, and a picture
// of the lanes of each conversation at its end.
#include <fmt/format.h>

#include <iterator>

#include "common/count_text.h"
#include "inspector/flow/elapsed.h"
#include "inspector/join/findings.h"
#include "inspector/report/text.h"
#include "inspector/report/text_line.h"
#include "inspector/report/units.h"

namespace wireseam {
namespace {

constexpr size_t kPictureWidth = 79;

// "2 sends (4, 60)"
std::string sizes_text(std::string_view noun, std::span<const CallSpan> calls) {
  constexpr size_t kListed = 6;
  std::string text = count_text(calls.size(), noun) + " (";
  for (size_t i = 0; i < calls.size() && i < kListed; ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(calls[i].range.size());
  return text + (calls.size() > kListed ? ", ...)" : ")");
}

// "1 segment: #6", "3 segments: #6, #8, #9"
std::string packets_text(std::span<const WireSpan> segments) {
  constexpr size_t kListed = 4;
  std::string text = count_text(segments.size(), "segment") + ":";
  for (size_t i = 0; i < segments.size() && i < kListed; ++i)
    text += fmt::format("{} #{}", i == 0 ? "" : ",", segments[i].packet);
  return text + (segments.size() > kListed ? ", ..." : "");
}

std::string cuts_text(const FrameCuts& cuts) {
  std::string text;
  cuts.for_each([&](std::string_view word) {
    text += text.empty() ? "" : ", ";
    text += word;
  });
  return text.empty() ? "in one piece" : text;
}

// "connect in 0.081 ms", "close in 0.020 ms, 20 bytes unread"
std::string moment_text(const CallMoment& moment) {
  std::string text = words_of(moment) + " in " + duration_text(moment.duration_ns);
  if (moment.unread.value_or(0) > 0) text += ", " + count_text(*moment.unread, "byte") + " unread";
  return text;
}

void append_party(std::string& out, std::string_view name, const Party& party) {
  const auto line = std::back_inserter(out);
  if (party.never_accepted) {
    fmt::format_to(line, "    {}: {} ({}) listened, and was not seen to accept it\n", name,
                   party.program, party.pid);
    if (party.end.seen()) append_below(out, moment_text(party.end) + " of the listener");
    return;
  }
  if (party.traced_in != 0) {
    fmt::format_to(line, "    {}: traced in #{}: its addresses are translated in between\n", name,
                   party.traced_in);
    return;
  }
  if (party.state != Party::State::Traced) {
    fmt::format_to(line, "    {}: not traced\n", name);
    return;
  }
  fmt::format_to(line, "    {}: {} ({}), {} sent, {} received\n", name, party.program, party.pid,
                 party.sent, party.received);
  std::string calls;
  for (const CallMoment* moment : {&party.begin, &party.shutdown, &party.end}) {
    if (!moment->seen()) continue;
    calls += (calls.empty() ? "" : "; ") + moment_text(*moment);
  }
  if (!calls.empty()) append_below(out, calls);
  if (!party.aligned()) append_below(out, doubts_text(party));
}

void append_findings(std::string& out, const Conversation& conversation) {
  if (const auto waited = backlog_ns(conversation))
    out += fmt::format("    in the backlog for {}\n", duration_text(*waited));
  if (const auto reset = reset_of(conversation))
    out += fmt::format("    reset: {}\n", words_of(*reset, conversation.party(reset->by)));
}

// " after 0.081 ms"; empty at the same time.
std::string after_text(uint64_t begin_ns, uint64_t end_ns) {
  return end_ns > begin_ns ? " after " + duration_text(end_ns - begin_ns) : "";
}

// "#2: port unreachable, told by recv (ECONNREFUSED)".
std::string error_text(const DatagramError& error) {
  std::string text = fmt::format("#{}: {}", error.packet, error.reason);
  if (error.told) text += fmt::format(", told by {} ({})", error.told->name, error.errno_name);
  return text;
}

std::vector<std::string> fates_of(const Datagram& datagram) {
  std::vector<std::string> fates;
  if (datagram.error) fates.push_back(error_text(*datagram.error));
  if (datagram.lost) fates.emplace_back("lost: never received");
  if (datagram.reordered) fates.emplace_back("reordered: a later one came before it");
  if (datagram.duplicate_of != 0)
    fates.push_back(fmt::format("duplicate of datagram {}", datagram.duplicate_of));
  if (datagram.truncated && datagram.receive)
    fates.push_back(
        fmt::format("truncated to {}", count_text(datagram.receive->range.size(), "byte")));
  if (datagram.not_captured) fates.emplace_back("no packet was captured");
  return fates;
}

void add_flags(TextLine& line, const CallSpan& call) {
  if (call.urgent) line.add_part("(urgent)");
  if (call.unordered)
    line.add_part("(another call at the same time: which was first is not known)");
  else if (call.ambiguous)
    line.add_part("(another call at the same time)");
}

void add_queued(TextLine& line, const CallSpan& call, const Beside& beside) {
  const int64_t queued = queued_ns(call, beside);
  if (queued >= 0) line.add_part("queued for " + duration_text(static_cast<uint64_t>(queued)));
  const Wait wait = wait_of(call, beside);
  if (wait != Wait::None) line.add_part(Ink::Note, fmt::format("({})", words_of(wait)));
}

}  // namespace

// The picture of that direction, with the segments that it does not have so far.
LanePicture& TextReport::picture(const Conversation& conversation, Direction direction,
                                 std::span<const WireSpan> segments) {
  LanePicture& lanes = pictures_[conversation.id][static_cast<size_t>(direction)];
  for (const WireSpan& segment : segments)
    if (segment.range.begin >= lanes.end(LaneName::Segments))
      lanes.add(LaneName::Segments, segment.range, fmt::format("#{}", segment.packet));
  return lanes;
}

void TextReport::sent(const Conversation& conversation, Direction direction, const CallSpan& call,
                      const Beside& beside) {
  picture(conversation, direction, beside.segments)
      .add(LaneName::Sends, call.range, std::to_string(call.range.size()));
  start(call.begin_ns);
  TextLine line(text_, paint_);
  begin(line, call.begin_ns, conversation.id, direction);
  line.add(fmt::format(" {} {}-{}", call.name, call.range.begin, call.range.end));
  if (call.range.size() < call.room) line.add_part(fmt::format("of {} bytes", call.room));
  add_flags(line, call);
  if (beside.segments.empty()) return;
  const Delay delay = delay_of(call, beside);
  line.add_part("in " + packets_text(beside.segments));
  if (delay.last_ns >= 0)
    line.add_part("after " + duration_text(static_cast<uint64_t>(delay.last_ns)));
  if (delay.hold != Hold::None) line.add_part(Ink::Note, fmt::format("({})", words_of(delay.hold)));
}

void TextReport::framed(const Conversation& conversation, Direction direction,
                        const FrameSpan& frame, const Beside& beside) {
  picture(conversation, direction, beside.segments)
      .add(LaneName::Frames, frame.range, std::to_string(frame.frame.number));
  start(frame.frame.first_ns);
  {
    TextLine line(text_, paint_);
    begin(line, frame.frame.last_ns, conversation.id, direction);
    add_frame(line, frame.frame);
    if (!beside.sends.empty()) line.add_part(fmt::format("{},", sizes_text("send", beside.sends)));
    if (!beside.segments.empty()) line.add_part(packets_text(beside.segments) + ",");
    if (!beside.receives.empty())
      line.add_part(fmt::format("{},", sizes_text("receive", beside.receives)));
    line.add_part(Ink::Note, cuts_text(cuts_of(frame, beside)));
    if (frame.frame.missing > 0)
      line.add_part(fmt::format("({} bytes not recorded)", frame.frame.missing));
    if (!beside.whole) line.add_part("(more was to come)");
  }
  append_header(frame.frame, frame.framing);
}

void TextReport::received(const Conversation& conversation, Direction direction,
                          const CallSpan& call, const Beside& beside) {
  picture(conversation, direction, beside.segments)
      .add(LaneName::Receives, call.range, std::to_string(call.range.size()));
  start(call.begin_ns);
  TextLine line(text_, paint_);
  begin(line, call.end_ns(), conversation.id, direction);
  line.add(fmt::format(" {} {}-{}", call.name, call.range.begin, call.range.end));
  if (call.room > 0) line.add_part(fmt::format("of {} wanted", call.room));
  add_flags(line, call);
  if (beside.whole && !beside.frames.empty())
    line.add_part(fmt::format("with bytes of {}", count_text(beside.frames.size(), "frame")));
  if (!beside.segments.empty()) add_queued(line, call, beside);
}

void TextReport::datagram(const DatagramTalk& talk, Direction direction, const Datagram& datagram) {
  const uint64_t sent_ns = datagram.send     ? datagram.send->begin_ns
                           : datagram.packet ? datagram.packet->time_ns
                                             : datagram.receive->end_ns();
  start(sent_ns);
  TextLine line(text_, paint_);
  begin(line, datagram.receive ? datagram.receive->end_ns() : sent_ns, talk.id, direction);
  line.add_part(Ink::Frame, fmt::format("datagram {}", datagram.number));
  line.add(fmt::format(" of {}:", count_text(datagram.size, "byte")));
  std::vector<std::string> parts;
  if (datagram.send) parts.emplace_back(datagram.send->name);
  if (datagram.packet)
    parts.push_back(fmt::format("#{}", datagram.packet->packet) +
                    after_text(sent_ns, datagram.packet->time_ns));
  if (datagram.receive)
    parts.push_back(std::string(datagram.receive->name) +
                    after_text(sent_ns, datagram.receive->end_ns()));
  for (const CallSpan& other : datagram.also_received)
    parts.push_back(std::string(other.name) + after_text(sent_ns, other.end_ns()));
  for (std::string& fate : fates_of(datagram)) parts.push_back(std::move(fate));
  for (const std::string& part : parts) line.add_part(&part == &parts.back() ? part : part + ",");
}

void TextReport::datagrams(const DatagramTalk& talk) {
  {
    TextLine title(text_, paint_);
    title.add(Ink::Connection, fmt::format("#{}", talk.id));
    title.add_part(fmt::format("{} {} > {}:", to_string(talk.medium), talk.client, talk.server));
    title.add_part(talk.on_wire ? "calls and packets" : "calls alone: no packets were captured");
  }
  for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
    const DatagramCounts& counts = talk.counts[static_cast<size_t>(direction)];
    if (counts.datagrams == 0) continue;
    text_ += direction == Direction::ToServer ? "    to server: " : "    to client: ";
    text_ += count_text(counts.datagrams, "datagram");
    if (counts.lost > 0) text_ += fmt::format(", {} lost", counts.lost);
    if (counts.reordered > 0) text_ += fmt::format(", {} reordered", counts.reordered);
    if (counts.duplicates > 0)
      text_ += fmt::format(", {}", count_text(counts.duplicates, "duplicate"));
    if (counts.truncated > 0) text_ += fmt::format(", {} truncated", counts.truncated);
    text_ += '\n';
  }
  text_ += '\n';
}

void TextReport::joined(const Conversation& conversation) {
  const auto pictures = pictures_.extract(conversation.id);
  if (!conversation.is_traced()) return;
  {
    TextLine title(text_, paint_);
    title.add(Ink::Connection, fmt::format("#{}", conversation.id));
    title.add_part(fmt::format("{} {} > {}:", to_string(conversation.medium), conversation.client,
                               conversation.server));
    title.add_part(conversation.on_wire ? "calls and packets"
                                        : "calls alone: no packets were captured");
  }
  append_party(text_, "client", conversation.party(Role::Client));
  append_party(text_, "server", conversation.party(Role::Server));
  append_findings(text_, conversation);
  for (const Direction direction : {Direction::ToServer, Direction::ToClient}) {
    std::string lanes;
    if (!pictures.empty())
      pictures.mapped()[static_cast<size_t>(direction)].append_to(lanes, kPictureWidth);
    if (lanes.empty()) continue;
    text_ += direction == Direction::ToServer ? "  to server\n" : "  to client\n";
    text_ += lanes;
  }
  text_ += '\n';
}

}  // namespace wireseam
