// SPDX-License-Identifier: Apache-2.0
// How sends became segments, frames and receives.
#include <fmt/format.h>

#include <algorithm>

#include "common/count_text.h"
#include "demo/explanation.h"
#include "inspector/report/units.h"

namespace wireseam {
namespace {

// All of that direction, whosever: a scenario has one conversation that talks.
const SeenLanes& lanes_of(const Observation& seen, Direction direction) {
  static const SeenLanes kNone;
  return seen.conversations.empty() ? kNone : seen.conversations.front().lane(direction);
}

size_t segments_of(const SeenLanes& lanes) {
  std::vector<uint64_t> packets;
  for (const SeenSend& send : lanes.sends)
    packets.insert(packets.end(), send.packets.begin(), send.packets.end());
  std::ranges::sort(packets);
  packets.erase(std::unique(packets.begin(), packets.end()), packets.end());
  return packets.size();
}

// "20 bytes of answer 1", "7 bytes of answer 1 and 6 bytes of answer 2"
std::string shares_text(const SeenReceive& receive, const SeenLanes& lanes) {
  std::string text;
  for (size_t i = 0; i < lanes.sends.size(); ++i) {
    const ByteRange& answer = lanes.sends[i].range;
    const uint64_t begin = std::max(answer.begin, receive.range.begin);
    const uint64_t end = std::min(answer.end, receive.range.end);
    if (begin >= end) continue;
    text += text.empty() ? "" : " and ";
    text += fmt::format("{} of answer {}", count_text(end - begin, "byte"), i + 1);
  }
  return text;
}

// What each command got.
Explanation answers_text(const SeenLanes& lanes) {
  Explanation text;
  for (size_t i = 0; i < lanes.receives.size(); ++i)
    text.push_back(fmt::format("Command {}: its recv asked for {} bytes and returned {}.", i + 1,
                               lanes.receives[i].room, shares_text(lanes.receives[i], lanes)));
  return text;
}

const SeenSend* slowest_send(const SeenLanes& lanes) {
  const auto by_delay = [](const SeenSend& send) { return send.delay.last_ns; };
  const auto slowest = std::ranges::max_element(lanes.sends, {}, by_delay);
  return slowest == lanes.sends.end() ? nullptr : &*slowest;
}

}  // namespace

Explanation explain_framed(const Observation& seen) {
  Explanation text;
  for (const SeenFrame& frame : lanes_of(seen, Direction::ToClient).frames)
    text.push_back(fmt::format(
        "A frame of {} bytes, its body {} of them, left in {}{} and was returned by {}.",
        frame.range.size(), frame.body, count_text(frame.sends, "send"),
        seen.has_packets ? " and " + count_text(frame.segments, "segment") : "",
        count_text(frame.receives, "recv")));
  text.emplace_back(
      "A stream has no messages, and recv returns what there is, up to the size that it was asked "
      "for. Each frame begins with four bytes that say how long its JSON header is, and the "
      "header says how long the body is: so the client knew where each answer ended, and asked "
      "for no more than what was left of it.");
  return text;
}

Explanation explain_sticky(const Observation& seen) {
  const SeenLanes& lanes = lanes_of(seen, Direction::ToServer);
  Explanation text;
  for (const SeenReceive& receive : lanes.receives)
    text.push_back(fmt::format("One recv returned {} bytes: those of {}.", receive.range.size(),
                               count_text(receive.sends.size(), "send")));
  if (seen.has_packets)
    text.push_back(fmt::format("On the wire they were {} in {}.",
                               count_text(lanes.sends.size(), "send"),
                               count_text(segments_of(lanes), "segment")));
  text.emplace_back(
      "The server read late, when all had arrived. Nothing in the stream says where one send ended "
      "and the next began: who needs to know that has to send it, as a length before each message "
      "or a mark behind it. Play 'framed' to see that.");
  return text;
}

Explanation explain_cut(const Observation& seen) {
  Explanation text = answers_text(lanes_of(seen, Direction::ToClient));
  text.emplace_back(
      "The client took each recv for an answer. But recv returns what is there, up to the size "
      "that it was asked for: a long answer is cut, and its tail comes before the next one. "
      "Reading more at a time only makes that rarer. Play 'framed' to see the cure.");
  return text;
}

Explanation explain_nagle(const Observation& seen) {
  const SeenLanes& lanes = lanes_of(seen, Direction::ToServer);
  const SeenSend* slowest = slowest_send(lanes);
  if (!seen.has_packets || slowest == nullptr)
    return {"Without packets nobody knows when the bytes of a send left."};
  if (slowest->delay.hold != Hold::Nagle)
    return {fmt::format("In this run no send was held back: the slowest was on the wire after {}.",
                        signed_duration_text(slowest->delay.last_ns))};
  return {
      fmt::format("The client writes a header, then a body, then reads. The body of {} bytes, "
                  "{}-{}, was on the wire {} after its send.",
                  slowest->range.size(), slowest->range.begin, slowest->range.end,
                  signed_duration_text(slowest->delay.last_ns)),
      "Two algorithms waited for each other. Nagle's (RFC 896) keeps a small segment back while "
      "one before it is not acknowledged: the header. The server's kernel delays its ACK (RFC "
      "1122) in the hope of an answer to send it with, and the answer needs the body.",
      "A new connection acknowledges its first segments at once, so the server has set "
      "TCP_QUICKACK "
      "to 0 here: it is then as slow as one that has answered a few times.",
      "The cure is one write, as writev(2) does it, or TCP_NODELAY: play 'nodelay'."};
}

Explanation explain_nodelay(const Observation& seen) {
  const SeenSend* slowest = slowest_send(lanes_of(seen, Direction::ToServer));
  if (!seen.has_packets || slowest == nullptr)
    return {"Without packets nobody knows when the bytes of a send left."};
  return {fmt::format("The same two writes and a read as in 'nagle', with TCP_NODELAY set: of all "
                      "sends the slowest was on the wire after {}.",
                      signed_duration_text(slowest->delay.last_ns)),
          "Each send became a segment at once, acknowledged or not. Where many sends are small, "
          "that is many small packets: one write of all that belongs together is the better cure."};
}

}  // namespace wireseam
