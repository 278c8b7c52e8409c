// SPDX-License-Identifier: Apache-2.0
#include "inspector/join/findings.h"

#include <algorithm>
#include <cerrno>

#include "inspector/flow/elapsed.h"

namespace wireseam {
namespace {

constexpr uint64_t kNoticedNs = 1'000'000;  // a send that takes longer was held up
constexpr uint64_t kReleaseNs = 2'000'000;  // within which a sender acts on what it waited for

template <typename Span>
bool reaches_beyond(const Span& span, ByteRange range) {
  return span.range.begin < range.begin || span.range.end > range.end;
}

// Whether that moment, after the call had begun, let the segment go.
bool released(uint64_t moment_ns, const CallSpan& send, const WireSpan& segment) {
  return moment_ns > send.begin_ns && elapsed_ns(moment_ns, segment.time_ns) < kReleaseNs;
}

Hold hold_of(const CallSpan& send, const WireSpan& segment) {
  if (segment.sent_again) return Hold::Retransmission;
  if (released(segment.window_opened_ns, send, segment)) return Hold::Window;
  if (send.more) return Hold::Cork;
  if (!send.no_delay && released(segment.all_acked_ns, send, segment)) return Hold::Nagle;
  return Hold::Unknown;
}

}  // namespace

FrameCuts cuts_of(const FrameSpan& frame, const Beside& beside) {
  const auto beyond = [&](const auto& span) { return reaches_beyond(span, frame.range); };
  return {.split = beside.segments.size() > 1,
          .coalesced = std::ranges::any_of(beside.segments, beyond),
          .partial = beside.receives.size() > 1,
          .merged = std::ranges::any_of(beside.receives, beyond)};
}

std::string_view to_string(Hold hold) {
  switch (hold) {
    case Hold::None:
      return "none";
    case Hold::Nagle:
      return "nagle";
    case Hold::Window:
      return "full-window";
    case Hold::Cork:
      return "cork";
    case Hold::Retransmission:
      return "retransmission";
    case Hold::Unknown:
      return "unknown";
  }
  return "unknown";
}

std::string_view words_of(Hold hold) {
  switch (hold) {
    case Hold::None:
      return "";
    case Hold::Nagle:
      return "Nagle's algorithm waited for an ACK";
    case Hold::Window:
      return "the receiver's window was full";
    case Hold::Cork:
      return "corked: more was to come";
    case Hold::Retransmission:
      return "an earlier copy was lost";
    case Hold::Unknown:
      return "no reason was seen";
  }
  return "";
}

std::string words_of(const CallMoment& moment) {
  std::string text(moment.name);
  if (!moment.how.empty()) text.append("(").append(moment.how).append(")");
  if (!moment.error.empty())
    text.append(moment.errnum == EINPROGRESS ? " returned " : " failed with ").append(moment.error);
  return text;
}

Delay delay_of(const CallSpan& send, const Beside& beside) {
  Delay delay{.first_ns = elapsed_ns(send.begin_ns, beside.segments.front().time_ns),
              .last_ns = elapsed_ns(send.begin_ns, beside.segments.back().time_ns)};
  for (const WireSpan& segment : beside.segments) {
    if (elapsed_ns(send.begin_ns, segment.time_ns) < kNoticedNs) continue;
    delay.hold = hold_of(send, segment);
    break;
  }
  return delay;
}

std::optional<uint64_t> backlog_ns(const Conversation& conversation) {
  const CallMoment& accepted = conversation.party(Role::Server).begin;
  if (!accepted.seen() || conversation.handshake.ack.packet == 0 ||
      conversation.handshake.state != HandshakeState::Complete)
    return std::nullopt;
  return elapsed_ns(conversation.handshake.ack.time_ns, accepted.end_ns());
}

std::optional<Role> discarder(const Conversation& conversation) {
  const RstStep& rst = conversation.teardown.rst;
  if (rst.packet == 0) return std::nullopt;
  const Role sender = sender_of(rst.direction);
  return conversation.party(sender).end.unread > 0 ? std::optional(sender) : std::nullopt;
}

uint64_t queued_ns(const CallSpan& receive, const Beside& beside) {
  return elapsed_ns(beside.segments.front().time_ns, receive.end_ns());
}

}  // namespace wireseam
