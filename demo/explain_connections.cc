// SPDX-License-Identifier: Apache-2.0
// How connections began and ended.
#include <fmt/format.h>

#include "demo/explanation.h"
#include "inspector/report/units.h"

namespace wireseam {
namespace {

std::string connect_text(const SeenConversation& conversation) {
  const CallMoment& connect = conversation.party(Role::Client).begin;
  std::string text = fmt::format("connect returned after {}", duration_text(connect.duration_ns));
  if (const uint64_t rtt_ns = conversation.handshake.server_rtt_ns(); rtt_ns > 0)
    text += fmt::format(": it sends the SYN and waits for the answer, which came {} later",
                        duration_text(rtt_ns));
  return text + ".";
}

std::string accept_text(const SeenConversation& conversation) {
  if (!conversation.backlog_ns)
    return "accept took no part in that: it returns a connection that the kernel has made.";
  return fmt::format(
      "accept took no part in that: the kernel made the connection, and {} after the client's ACK "
      "accept returned it. So long it was in the backlog.",
      duration_text(*conversation.backlog_ns));
}

std::string end_text(const SeenConversation& conversation) {
  const Teardown& teardown = conversation.teardown;
  if (teardown.state != CloseState::Closed) return "";
  const bool client_first =
      teardown.fin(Direction::ToServer).time_ns <= teardown.fin(Direction::ToClient).time_ns;
  return fmt::format(
      "The {} closed first. Its FIN says that no more bytes will come; the other side may still "
      "send, until it closes, too. Who closes first keeps the connection in TIME_WAIT.",
      client_first ? "client" : "server");
}

}  // namespace

Explanation explain_handshake(const Observation& seen) {
  if (seen.conversations.empty()) return {"No connection was seen."};
  const SeenConversation& conversation = seen.conversations.front();
  Explanation text{connect_text(conversation), accept_text(conversation)};
  if (std::string end = end_text(conversation); !end.empty()) text.push_back(std::move(end));
  return text;
}

Explanation explain_refused(const Observation& seen) {
  if (seen.conversations.empty()) return {"No attempt to connect was seen."};
  const SeenConversation& conversation = seen.conversations.front();
  const CallMoment& connect = conversation.party(Role::Client).begin;
  Explanation text{fmt::format("connect to {} failed with {} after {}.", conversation.server,
                               connect.error, duration_text(connect.duration_ns))};
  if (conversation.handshake.state == HandshakeState::Refused)
    text.emplace_back(
        "The SYN was answered with an RST: the machine is there, and nobody listens at that port. "
        "A firewall that drops the SYN instead would let connect wait for minutes.");
  return text;
}

}  // namespace wireseam
