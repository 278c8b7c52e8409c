// SPDX-License-Identifier: Apache-2.0
// Which UNIX sockets are each other's peers: the third part of the datagram joiner. Connections are
// accepted in the order in which they were made, but those of untraced programs may be among them.
// A connection keeps its messages in order and loses none, so one that came from nowhere tells of a
// stranger; and whose message it was instead is found out by its bytes.
#include <utility>

#include "inspector/join/datagram_joiner.h"
#include "inspector/join/datagram_match.h"

namespace wireseam {
namespace {

bool is_received_alone(const PendingDatagram& pending) {
  return pending.datagram.receive && !pending.datagram.send && pending.datagram.size > 0 &&
         is_of_unix(pending);
}

uint64_t socket_at(const std::optional<Endpoint>& end) {
  return end ? UnixEnds::socket_of(*end) : 0;
}

}  // namespace

// What it sent before it was accepted went there.
void DatagramJoiner::met(UnixEnds::Met met) {
  if (met.client == 0) return;
  for (auto place = pending_.all().begin(); place != pending_.all().end(); ++place)
    if (place->sender == met.client)
      pending_.change(place, [&](Pending& sent) { sent.to = UnixEnds::end_of(met.server); });
  find_anew(met.client);
}

// The one that was sent first is received first, or the ends are not of one connection.
void DatagramJoiner::check_peer(Pending& seen) {
  if (!is_received_alone(seen) || !seen.from) return;
  const auto is_before = [](const Pending& pending) { return pending.datagram.send.has_value(); };
  if (!pending_.find(DatagramPart::Receive, seen.to, is_before)) return;
  const uint64_t peer = unix_.guessed_peer(seen.receivers.front());
  if (peer == 0) return;
  part(seen.receivers.front());
  seen.from.reset();
  find_anew(peer);
}

// Nobody knows any more who the peers of both are.
void DatagramJoiner::part(uint64_t socket) {
  const uint64_t peer = unix_.part(socket);
  if (peer == 0) return;
  const auto is_of_them = [&](uint64_t end) { return end == socket || end == peer; };
  for (auto place = pending_.all().begin(); place != pending_.all().end(); ++place) {
    if (place->datagram.send && place->datagram.receive) continue;
    if (is_of_them(place->sender))
      pending_.change(place, [](Pending& sent) { sent.to.reset(); });
    else if (is_of_them(socket_at(place->from)))
      place->from.reset();
  }
}

// Those that were received until then, and that nobody has sent.
void DatagramJoiner::part_from_strangers(uint64_t until_ns) {
  std::vector<uint64_t> parted;
  for (auto place = pending_.all().begin(); place != pending_.all().end(); ++place) {
    if (!is_received_alone(*place) || place->newest_ns > until_ns) continue;
    const uint64_t sender = strange_end(*place);
    if (sender == 0) continue;
    part(sender);
    parted.push_back(sender);
  }
  for (const uint64_t sender : parted) find_anew(sender);
}

// Whose peer is not who it seemed to be: that of the receiver, or the sender of what it received,
// which waits for another receiver.
uint64_t DatagramJoiner::strange_end(const Pending& pending) {
  const uint64_t receiver = pending.receivers.front();
  if (!unix_.is_doubtful(receiver)) return 0;
  if (const uint64_t peer = unix_.guessed_peer(receiver)) return peer;
  const auto sent = pending_.find(DatagramPart::Receive, std::nullopt, [&](const Pending& other) {
    if (unix_.guessed_peer(other.sender) == 0 || !unix_.is_doubtful(other.sender)) return false;
    Pending anywhere = other;
    anywhere.to.reset();
    return fits(anywhere, pending);
  });
  return sent ? (*sent)->sender : 0;
}

// Looks who received what it has sent.
void DatagramJoiner::find_anew(uint64_t sender) {
  std::vector<Pending> sent;
  for (auto place = pending_.all().begin(); place != pending_.all().end();) {
    const auto at = place++;
    if (at->sender == sender && !at->datagram.receive) sent.push_back(pending_.take(at));
  }
  for (Pending& each : sent) add(std::move(each));
}

}  // namespace wireseam
