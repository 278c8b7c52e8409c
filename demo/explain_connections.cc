// SPDX-License-Identifier: Apache-2.0
// How connections began and ended.
#include <fmt/format.h>

#include <cerrno>

#include "common/count_text.h"
#include "common/error.h"
#include "demo/explanation.h"
#include "inspector/flow/elapsed.h"
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

Explanation explain_reset(const Observation& seen) {
  if (seen.conversations.empty()) return {"No connection was seen."};
  const SeenConversation& conversation = seen.conversations.front();
  Explanation text;
  if (conversation.discarder)
    text.push_back(fmt::format(
        "The {} closed its socket with {} unread. That sends an RST instead of a FIN (RFC 1122, "
        "4.2.2.13): what the other side sent was lost, and it is told so.",
        *conversation.discarder == Role::Client ? "client" : "server",
        count_text(*conversation.party(*conversation.discarder).end.unread, "byte")));
  for (const SeenCall& call : seen.calls)
    if (call.errnum == ECONNRESET)
      text.push_back(fmt::format("The next {} of {} failed with ECONNRESET, \"{}\".", call.name,
                                 call.program, errno_text(call.errnum)));
  text.emplace_back("Who wants to end in order reads to the end first, or calls shutdown.");
  return text;
}

Explanation explain_backlog(const Observation& seen) {
  Explanation text;
  for (const SeenConversation& conversation : seen.conversations) {
    const Handshake& handshake = conversation.handshake;
    std::string line = fmt::format("The connection of {}", conversation.client);
    if (conversation.backlog_ns)
      line += fmt::format(" was in the backlog for {} until accept returned it",
                          duration_text(*conversation.backlog_ns));
    if (handshake.syns > 1)
      line += fmt::format(
          "; its SYN was sent {} times, and answered {} after the first", handshake.syns,
          duration_text(elapsed_ns(handshake.first_syn_ns, handshake.syn_ack.time_ns)));
    text.push_back(line + ".");
  }
  text.emplace_back(
      "The kernel makes connections while the program is busy elsewhere, and keeps them until "
      "accept takes them: one more than listen was told. When these are too many it drops the SYN "
      "without a word, and the client's kernel sends it again: after a second, and then several "
      "times more.");
  return text;
}

Explanation explain_timewait(const Observation& seen) {
  Explanation text;
  if (!seen.conversations.empty() && seen.has_packets) {
    const Teardown& teardown = seen.conversations.front().teardown;
    if (teardown.state == CloseState::Closed &&
        teardown.fin(Direction::ToClient).time_ns < teardown.fin(Direction::ToServer).time_ns)
      text.emplace_back(
          "The server closed first, so its end of the connection stays in TIME_WAIT for a minute: "
          "packets of it that are still under way must not get into a new connection.");
  }
  size_t number = 0;
  for (const SeenCall& call : seen.calls) {
    if (call.name != "bind") continue;
    text.push_back(call.errnum == 0 ? fmt::format("Server {}: bind succeeded.", ++number)
                                    : fmt::format("Server {}: bind failed with \"{}\".", ++number,
                                                  errno_text(call.errnum)));
  }
  text.emplace_back(
      "With SO_REUSEADDR, set before bind, a port may be bound again while old connections of it "
      "are in TIME_WAIT. Without it a server that was restarted waits for a minute.");
  return text;
}

}  // namespace wireseam
