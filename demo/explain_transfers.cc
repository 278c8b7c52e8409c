// SPDX-License-Identifier: Apache-2.0
// What one call moved: all of it, a part, or a datagram.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "common/count_text.h"
#include "common/error.h"
#include "demo/explanation.h"

namespace wireseam {
namespace {

const SeenConversation* first_conversation(const Observation& seen) {
  return seen.conversations.empty() ? nullptr : &seen.conversations.front();
}

int64_t taken_before_full(const Observation& seen) {
  int64_t taken = 0;
  for (const SeenCall& call : seen.calls) {
    if (call.errnum == EAGAIN) break;
    taken += call.result;
  }
  return taken;
}

}  // namespace

Explanation explain_partial_send(const Observation& seen) {
  const SeenConversation* conversation = first_conversation(seen);
  if (conversation == nullptr || conversation->lane(Direction::ToServer).sends.empty())
    return {"No send was seen."};
  const auto& sends = conversation->lane(Direction::ToServer).sends;
  const auto refused = std::ranges::count(seen.calls, EAGAIN, &SeenCall::errnum);
  Explanation text{fmt::format("The first send was given {} bytes and took {}.",
                               sends.front().offered, sends.front().range.size())};
  if (refused > 0)
    text.push_back(fmt::format(
        "When {} bytes were taken, the next one failed with EAGAIN, \"{}\": so much there was room "
        "for in the buffers of both ends, since the server did not read.",
        taken_before_full(seen), errno_text(EAGAIN)));
  text.push_back(fmt::format("It took {} to send all {} bytes.", count_text(sends.size(), "send"),
                             sends.back().range.end));
  text.emplace_back(
      "A send that does not wait takes a part, and says how much. The rest has to be sent again "
      "when poll says that there is room; who ignores the result loses bytes out of the middle.");
  return text;
}

Explanation explain_udp(const Observation& seen) {
  Explanation text;
  for (const SeenDatagram& datagram : seen.datagrams)
    if (datagram.truncated)
      text.push_back(
          fmt::format("The {}'s recvfrom had room for {} of a datagram of {}: the rest is gone.",
                      datagram.direction == Direction::ToServer ? "server" : "client",
                      count_text(datagram.received, "byte"), datagram.bytes));
  text.emplace_back(
      "Each send is a datagram, and each recv returns one: messages keep their ends. But what the "
      "buffer of a recv has no room for is thrown away, and does not come out of the next one.");
  return text;
}

Explanation explain_auth(const Observation& seen) {
  const SeenConversation* conversation = first_conversation(seen);
  if (conversation == nullptr) return {"No connection was seen."};
  const auto& challenge = conversation->lane(Direction::ToClient).sends;
  const auto& proof = conversation->lane(Direction::ToServer).sends;
  if (challenge.empty() || proof.empty()) return {"The ends did not prove anything to each other."};
  return {fmt::format("Before anything else the server sent {} random bytes, the challenge, and "
                      "the client answered with {} bytes, the proof: HMAC-SHA256 of the challenge "
                      "with the key.",
                      challenge.front().range.size(), proof.front().range.size()),
          "The key itself was never sent, and the next connection has another challenge, so that a "
          "proof that was overheard is worth nothing. What follows is not encrypted."};
}

}  // namespace wireseam
