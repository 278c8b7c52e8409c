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

// Since when the segment was the next to leave.
uint64_t waits_since(const CallSpan& send, const WireSpan& segment) {
  return std::max(send.begin_ns, segment.before_ns);
}

uint64_t waited_ns(const CallSpan& send, const WireSpan& segment) {
  return elapsed_ns(waits_since(send, segment), segment.time_ns);
}

// Whether that moment, after the call had begun, let the segment go: it left at once, or had waited
// for it most of the time (a sender that is to copy more has to get a processor first).
bool released(uint64_t moment_ns, const CallSpan& send, const WireSpan& segment) {
  if (moment_ns <= send.begin_ns || moment_ns > segment.time_ns) return false;
  return segment.time_ns - moment_ns < kReleaseNs ||
         elapsed_ns(waits_since(send, segment), moment_ns) > waited_ns(send, segment) / 2;
}

// Linux's test (tcp_nagle_check): a segment that is not full waits while a small one before it is
// not acknowledged. What other calls put beside it, or losses make of it, proves nothing.
bool waited_by_nagle(const CallSpan& send, const WireSpan& segment) {
  return !send.no_delay && !send.more && !send.ambiguous && segment.small && segment.behind_small &&
         released(segment.all_acked_ns, send, segment);
}

bool waited_for_buffer(const CallSpan& send, const WireSpan& segment) {
  return send.has_send_buffer && segment.time_ns < send.end_ns() &&
         released(segment.acked_ns, send, segment);
}

// What left before it takes that long at that rate: the segment, or all that the kernel handed over
// as one and the interface cut. Behind a pause the kernel takes half of it for granted.
bool was_paced(const CallSpan& send, const WireSpan& segment) {
  if (send.pacing_rate == 0 || segment.before_ns == 0) return false;
  const double ns_per_byte = 1e9 / static_cast<double>(send.pacing_rate);
  const auto passed_ns = static_cast<double>(elapsed_ns(segment.before_ns, segment.time_ns));
  return passed_ns > static_cast<double>(segment.before_size) * ns_per_byte * 0.45 &&
         passed_ns < static_cast<double>(segment.burst_size) * ns_per_byte * 2 + kReleaseNs;
}

Hold hold_of(const CallSpan& send, const WireSpan& segment) {
  if (segment.sent_again) return Hold::Retransmission;
  if (released(segment.window_opened_ns, send, segment)) return Hold::Window;
  if (send.more) return Hold::Cork;
  if (send.pacing_rate != 0) return was_paced(send, segment) ? Hold::Pacing : Hold::Unknown;
  if (waited_for_buffer(send, segment)) return Hold::SendBuffer;
  return waited_by_nagle(send, segment) ? Hold::Nagle : Hold::Unknown;
}

bool is_accept(const CallMoment& moment) { return moment.name.starts_with("accept"); }

// An RST that leaves by that call, or right behind it.
bool came_with(const RstStep& rst, const CallMoment& moment) {
  return moment.seen() && rst.time_ns + kNoticedNs > moment.begin_ns &&
         rst.time_ns < moment.end_ns() + kNoticedNs;
}

// An RST that answers bytes which came after that call.
bool answers_bytes(const RstStep& rst, uint64_t data_ns, const CallMoment& moment) {
  return moment.seen() && data_ns > moment.begin_ns && data_ns <= rst.time_ns &&
         rst.time_ns - data_ns < kReleaseNs;
}

// "sends from byte 8 to 18 (...), 2 calls of 10 bytes"
std::string doubt_text(std::string_view calls, const Placement& place) {
  std::string text(calls);
  text += " from byte " + std::to_string(place.known_until);
  text += place.lost ? " on" : " to " + std::to_string(place.known_from);
  text.append(" (").append(words_of(place.doubt)).append(")");
  if (place.unplaced_calls > 0)
    text += ", " + std::to_string(place.unplaced_calls) +
            (place.unplaced_calls == 1 ? " call of " : " calls of ") +
            std::to_string(place.unplaced_bytes) + " bytes";
  return text;
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
    case Hold::SendBuffer:
      return "send-buffer";
    case Hold::Pacing:
      return "pacing";
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
      return "the receiver's window was too small";
    case Hold::Cork:
      return "corked: more was to come";
    case Hold::SendBuffer:
      return "the send buffer was full: SO_SNDBUF";
    case Hold::Pacing:
      return "paced: SO_MAX_PACING_RATE";
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
    text.append(moment.errnum == EINPROGRESS || moment.errnum == EINTR ? " returned "
                                                                       : " failed with ")
        .append(moment.error);
  return text;
}

std::string doubts_text(const Party& party) {
  std::string text;
  bool missed = false;
  for (const Way way : {Way::Sent, Way::Received}) {
    const Placement& place = party.place(way);
    if (place.known()) continue;
    missed = missed || is_contradiction(place.doubt) || place.doubt == Doubt::LostCalls;
    text += text.empty() ? "" : "; ";
    text += doubt_text(way == Way::Sent ? "sends" : "receives", place);
  }
  if (text.empty()) return text;
  return (missed ? "calls were missed, so " : "") + ("nobody knows where its bytes lie: " + text);
}

Delay delay_of(const CallSpan& send, const Beside& beside) {
  Delay delay{.first_ns = between_ns(send.begin_ns, beside.segments.front().time_ns),
              .last_ns = between_ns(send.begin_ns, beside.segments.back().time_ns)};
  const WireSpan* slowest = nullptr;  // of those that were late
  for (const WireSpan& segment : beside.segments) {
    if (elapsed_ns(send.begin_ns, segment.time_ns) < kNoticedNs) continue;
    if (slowest == nullptr || waited_ns(send, segment) > waited_ns(send, *slowest))
      slowest = &segment;
  }
  if (slowest != nullptr) delay.hold = hold_of(send, *slowest);
  return delay;
}

std::optional<uint64_t> backlog_ns(const Conversation& conversation) {
  const CallMoment& accepted = conversation.party(Role::Server).begin;
  // A listener that defers has a connection before it gives it to accept (tcp(7)).
  if (conversation.party(Role::Server).options.defers_accept) return std::nullopt;
  if (!is_accept(accepted) || conversation.handshake.ack.packet == 0 ||
      conversation.handshake.state != HandshakeState::Complete)
    return std::nullopt;
  const uint64_t complete_ns = conversation.handshake.ack.time_ns;
  if (accepted.end_ns() < complete_ns) return std::nullopt;
  return accepted.end_ns() - complete_ns;
}

std::optional<Reset> reset_of(const Conversation& conversation) {
  const RstStep& rst = conversation.teardown.rst;
  if (rst.packet == 0) return std::nullopt;
  const Role by = sender_of(rst.direction);
  const Party& party = conversation.party(by);
  if (party.never_accepted && came_with(rst, party.end))
    return Reset{by, ResetCause::NeverAccepted};
  if (party.state != Party::State::Traced || !party.begin.seen()) return std::nullopt;
  if (conversation.handshake.state == HandshakeState::Refused) return std::nullopt;
  const uint64_t data_ns =
      conversation.newest_data_ns[static_cast<size_t>(opposite(rst.direction))];
  const auto cause = [&] {
    if (came_with(rst, party.end) && party.end.unread.value_or(0) > 0) return ResetCause::Unread;
    if (came_with(rst, party.end) && party.options.resets_at_close) return ResetCause::Linger;
    if (came_with(rst, party.end) && party.end.how == "AF_UNSPEC") return ResetCause::Disconnect;
    if (answers_bytes(rst, data_ns, party.end)) return ResetCause::DataAtClosed;
    if (party.shutdown.how == "SHUT_RDWR" && answers_bytes(rst, data_ns, party.shutdown))
      return ResetCause::DataAtShut;
    return ResetCause::Unknown;
  };
  return Reset{by, cause()};
}

std::string_view to_string(ResetCause cause) {
  switch (cause) {
    case ResetCause::Unread:
      return "unread";
    case ResetCause::Linger:
      return "linger";
    case ResetCause::DataAtClosed:
      return "data-at-closed";
    case ResetCause::Disconnect:
      return "disconnect";
    case ResetCause::NeverAccepted:
      return "never-accepted";
    case ResetCause::DataAtShut:
      return "data-at-shutdown";
    case ResetCause::Unknown:
      return "unknown";
  }
  return "unknown";
}

std::string words_of(const Reset& reset, const Party& party) {
  const std::string who = reset.by == Role::Client ? "the client" : "the server";
  switch (reset.cause) {
    case ResetCause::Unread:
      return who + " closed with " + std::to_string(party.end.unread.value_or(0)) +
             (party.end.unread == 1 ? " byte unread" : " bytes unread");
    case ResetCause::Linger:
      return who + " closed with SO_LINGER {1, 0}";
    case ResetCause::DataAtClosed:
      return "bytes came after " + who + " had closed";
    case ResetCause::Disconnect:
      return who + " let go of the connection: connect(AF_UNSPEC)";
    case ResetCause::NeverAccepted:
      return who + " closed its listener before it accepted the connection";
    case ResetCause::DataAtShut:
      return "bytes came after " + who + " had shut down both directions";
    case ResetCause::Unknown:
      return "by " + who + ", why is not known";
  }
  return "";
}

std::optional<Role> discarder(const Conversation& conversation) {
  const auto reset = reset_of(conversation);
  if (!reset || reset->cause != ResetCause::Unread) return std::nullopt;
  return reset->by;
}

std::string_view to_string(Wait wait) {
  switch (wait) {
    case Wait::None:
      return "none";
    case Wait::All:
      return "all";
    case Wait::LowWater:
      return "low-water-mark";
  }
  return "none";
}

std::string_view words_of(Wait wait) {
  switch (wait) {
    case Wait::None:
      return "";
    case Wait::All:
      return "MSG_WAITALL waited for more";
    case Wait::LowWater:
      return "SO_RCVLOWAT waited for more";
  }
  return "";
}

// It was there when its first bytes were, and fewer had come than it is to wait for.
Wait wait_of(const CallSpan& receive, const Beside& beside) {
  const uint64_t first_ns = std::max(receive.begin_ns, beside.segments.front().time_ns);
  if (receive.ambiguous || elapsed_ns(first_ns, receive.end_ns()) < kNoticedNs) return Wait::None;
  uint64_t arrived = 0;
  for (const WireSpan& segment : beside.segments)
    if (segment.time_ns < first_ns + kNoticedNs / 2)
      arrived = segment.range.end - std::min(segment.range.end, receive.range.begin);
  if (receive.waits_for_all && arrived < receive.room) return Wait::All;
  return arrived < receive.low_water ? Wait::LowWater : Wait::None;
}

int64_t queued_ns(const CallSpan& receive, const Beside& beside) {
  return between_ns(beside.segments.front().time_ns, receive.end_ns());
}

}  // namespace wireseam
