// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/ladder_words.h"

#include <fmt/format.h>

#include "inspector/ui/words.h"

namespace wireseam {
namespace {

bool is_handshake(const ConnectionRecord& connection, uint64_t packet) {
  const Handshake& shake = connection.handshake;
  return packet == shake.syn.packet || packet == shake.syn_ack.packet || packet == shake.ack.packet;
}

bool is_teardown(const ConnectionRecord& connection, uint64_t packet) {
  const Teardown& teardown = connection.teardown;
  for (const FinStep& fin : teardown.fins)
    if (packet == fin.packet || packet == fin.ack_packet) return true;
  return packet == teardown.rst.packet;
}

// The frames of the connection's direction that these bytes are part of: "frame 3", "frames 3-5".
std::string frames_text(const Session& session, const ConnectionRecord& connection,
                        const Segment& segment) {
  uint64_t first = 0;
  uint64_t last = 0;
  // The newest are looked for most; of the others a few hundred are enough to look through.
  constexpr size_t kLookedThrough = 4096;
  const size_t begin =
      connection.frames.size() > kLookedThrough ? connection.frames.size() - kLookedThrough : 0;
  for (size_t i = begin; i < connection.frames.size(); ++i) {
    const FrameRecord* frame = session.frames().find(connection.frames[i]);
    if (frame == nullptr || frame->direction != segment.direction || frame->number == 0) continue;
    if (!frame->range.overlaps(segment.range)) continue;
    if (first == 0) first = frame->number;
    last = frame->number;
  }
  if (first == 0) return "";
  return first == last ? fmt::format(", frame {}", first)
                       : fmt::format(", frames {}-{}", first, last);
}

// Relative, where the sender's SYN was seen; else as it was sent.
std::string sequence_text(const HandshakeStep& step, const HalfRecord& sender,
                          const HalfRecord& receiver) {
  const auto relative = [](uint32_t number, const HalfRecord& half) {
    return half.syn_seen ? number - (half.first_seq - 1) : number;
  };
  std::string text = fmt::format(" seq {}", relative(step.seq, sender));
  if (step.acknowledges) text += fmt::format(" ack {}", relative(step.ack, receiver));
  return text;
}

std::string handshake_text(const ConnectionRecord& connection, const Segment& segment) {
  const Handshake& shake = connection.handshake;
  const HandshakeStep& step = segment.packet == shake.syn.packet       ? shake.syn
                              : segment.packet == shake.syn_ack.packet ? shake.syn_ack
                                                                       : shake.ack;
  const HalfRecord& sender = connection.half(segment.direction);
  std::string text = flags_text(segment.flags) +
                     sequence_text(step, sender, connection.half(opposite(segment.direction)));
  if ((segment.flags & kSyn) == 0) return text;
  if (sender.mss != 0) text += fmt::format(" MSS {}", sender.mss);
  if (sender.mss_unknown) text += " MSS unknown (cut off)";
  return text;
}

}  // namespace

std::string arrow_label(const Session& session, const ConnectionRecord& connection,
                        const SegmentRecord& record) {
  const Segment& segment = record.segment;
  if (connection.is_tcp() && is_handshake(connection, segment.packet) && segment.range.empty())
    return handshake_text(connection, segment);
  std::string text;
  for (const auto& [flag, name] :
       {std::pair{kSyn, "SYN "}, std::pair{kFin, "FIN "}, std::pair{kRst, "RST "}})
    if ((segment.flags & flag) != 0) text += name;
  if (!segment.range.empty())
    return text +
           fmt::format("{} bytes {}-{}", segment.range.size(), segment.range.begin,
                       segment.range.end) +
           frames_text(session, connection, segment);
  if ((segment.flags & kAck) != 0) text += fmt::format("ACK {}", segment.ack);
  return text;
}

std::string call_label(const TracedCall& call) {
  constexpr uint64_t kNoticedNs = 1'000'000;
  std::string text(call.name);
  const size_t result = call.text.rfind(" = ");
  if (call.moved)
    text += fmt::format(" {} bytes {}-{}", call.moved->range.size(), call.moved->range.begin,
                        call.moved->range.end);
  else if (result != call.text.npos && !call.text.ends_with(" = 0"))
    text += call.text.substr(result, call.text.find(" (", result) - result);
  if (call.duration_ns >= kNoticedNs) text += " in " + span_text(call.duration_ns);
  return text;
}

std::string step_name(const ConnectionRecord& connection, const SegmentRecord& record) {
  if (std::string notes = notes_text(record); !notes.empty()) return notes;
  const uint64_t packet = record.segment.packet;
  if (!connection.is_tcp()) return "";
  if (is_handshake(connection, packet)) return "handshake";
  if (is_teardown(connection, packet)) return "teardown";
  if (record.seams && record.seams->touched() > 1) return "coalesced";
  if (record.seams && (record.seams->continued || record.seams->continues)) return "split";
  return "";
}

}  // namespace wireseam
