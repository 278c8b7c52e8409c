// SPDX-License-Identifier: Apache-2.0
#include "inspector/join/datagram_joiner.h"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "inspector/join/call_facts.h"
#include "inspector/join/datagram_match.h"
#include "inspector/join/ends.h"
#include "tracer/trace/bytes.h"
#include "tracer/trace/constants.h"

namespace wireseam {

// What becomes known ------------------------------------------------------------------------------

void DatagramJoiner::begun(const Connection& connection) {
  const FlowKey& key = connection.key;
  const Endpoint client = endpoint_of(connection.client_end(), key.version);
  const Endpoint server = endpoint_of(connection.server_end(), key.version);
  DatagramTalk& talk = talks_[connection.id];
  talk = {.id = connection.id,
          .client = to_string(client),
          .server = to_string(server),
          .on_wire = true};
  flows_[{talk.client, talk.server}] = {&talk, Direction::ToServer};
  flows_[{talk.server, talk.client}] = {&talk, Direction::ToClient};
}

void DatagramJoiner::ended(const Connection& connection) {
  const auto found = talks_.find(connection.id);
  if (found == talks_.end()) return;
  const DatagramTalk& talk = found->second;
  const Ends ways[] = {{talk.client, talk.server}, {talk.server, talk.client}};
  std::vector<Pending> left;
  for (auto place = pending_.all().begin(); place != pending_.all().end();) {
    const Place at = place++;
    const Ends ends = ends_of(*at);
    if (ends == ways[0] || ends == ways[1]) left.push_back(pending_.take(at));
  }
  hand_over(std::move(left));
  tell(talk);
  for (const Ends& ends : ways) {
    flows_.erase(ends);
    past_.erase(ends);
    received_.erase(ends);
  }
  talks_.erase(found);
}

void DatagramJoiner::packet(const Connection& connection, Direction direction,
                            const StreamPiece& piece) {
  const IpVersion version = connection.key.version;
  const bool to_server = direction == Direction::ToServer;
  Pending seen;
  seen.from = endpoint_of(to_server ? connection.client_end() : connection.server_end(), version);
  seen.to = endpoint_of(to_server ? connection.server_end() : connection.client_end(), version);
  seen.is_to_many = connection.half(direction).to_many;
  seen.datagram.size = piece.range.size();
  seen.datagram.packet = DatagramPacket{piece.packet, piece.time_ns};
  const auto begin = piece.bytes.first(std::min(piece.bytes.size(), kComparedBytes));
  seen.begin.assign(begin.begin(), begin.end());
  seen.newest_ns = piece.time_ns;
  has_packets_ = true;
  if (!lies_in_packet_of(seen)) add(std::move(seen));
  advance(piece.time_ns);
}

bool DatagramJoiner::takes(const Socket& socket) {
  if (socket.domain == AF_UNIX) return socket.type == SOCK_DGRAM || socket.type == SOCK_SEQPACKET;
  const bool is_inet = socket.domain == AF_INET || socket.domain == AF_INET6;
  // Those that only ping (icmp(7)) have no ports.
  return is_inet && socket.type == SOCK_DGRAM && socket.protocol != IPPROTO_ICMP &&
         socket.protocol != IPPROTO_ICMPV6;
}

void DatagramJoiner::call(const Event& event, const CallEvent& call, const CallSockets& about) {
  const Socket& socket = *about.socket;
  if (call.failed())
    told(event, call, socket);
  else
    learn(event, call, socket);
  const auto segment_size = segment_sizes_.find(socket.id);
  add_calls(socket,
            datagram_calls(event, call, about,
                           segment_size != segment_sizes_.end() ? segment_size->second : 0));
  advance(event.time_ns + call.duration_ns);
}

void DatagramJoiner::learn(const Event& event, const CallEvent& call, const Socket& socket) {
  if (socket.domain == AF_UNIX)
    return accepted(socket, event.time_ns, event.time_ns + call.duration_ns);
  const auto local = endpoint_on_wire(socket.local);
  if (local && local->port != 0)
    names_.insert_or_assign(socket.id, *local);
  else if (call.number == CallNumber::connect)
    names_.erase(socket.id);  // connect(2) to nobody takes back the port that the kernel chose
  const auto value = call.number == CallNumber::setsockopt ? call.blobs.find(3) : std::nullopt;
  if (!value || call.arguments[1] != IPPROTO_UDP) return;
  if (call.arguments[2] == UDP_CORK && !socket.options.corked)
    if (auto corked = unfinished_.extract(socket.id)) add(pending_of(socket, corked.mapped()));
  if (call.arguments[2] == UDP_SEGMENT)
    segment_sizes_[socket.id] = static_cast<uint64_t>(read_at<int>(value->bytes).value_or(0));
}

// A call that failed for an ICMP message that came before it (udp(7)).
void DatagramJoiner::told(const Event& event, const CallEvent& call, const Socket& socket) {
  if (call.errnum != ECONNREFUSED && call.errnum != EHOSTUNREACH && call.errnum != ENETUNREACH)
    return;
  const auto about = std::ranges::find_if(pending_.all(), [&](const Pending& pending) {
    return pending.sender == socket.id && pending.datagram.error && !pending.datagram.error->told;
  });
  if (about == pending_.all().end()) return;
  about->datagram.error->told = span_of(event, call, -1, {});
  about->datagram.error->errno_name =
      constant_name(ConstantGroup::Errno, static_cast<uint64_t>(call.errnum));
}

DatagramJoiner::Pending DatagramJoiner::pending_of(const Socket& socket, DatagramCall& made) {
  if (socket.domain == AF_UNIX) {
    made.local = unix_.local(socket);
    if (made.peer_is_guess) made.peer = unix_.peer(socket);
    if (made.peer && made.peer->path.empty()) made.peer.reset();
  } else if (const auto name = names_.find(socket.id); name != names_.end()) {
    make_precise(made.local, name->second);
  }
  const bool sent = made.way == Way::Sent;
  Pending seen;
  seen.from = sent ? made.local : made.peer;
  seen.to = sent ? made.peer : made.local;
  seen.from_is_guess = !sent && made.peer_is_guess;
  seen.begin = std::move(made.begin);
  seen.is_cut = made.is_cut;
  seen.newest_ns = made.span.end_ns();
  seen.datagram.size = made.size;
  seen.datagram.truncated = made.truncated;
  if (sent) {
    seen.sender = socket.id;
    // Without it the kernel sends to no broadcast address.
    seen.is_to_many = socket.options.broadcasts && seen.to &&
                      seen.to->family == AddressFamily::Inet && !is_loopback(*seen.to);
    seen.datagram.send = made.span;
  } else {
    seen.receivers = {socket.id};
    seen.datagram.receive = made.span;
  }
  return seen;
}

// Several sends make one datagram where all but the last say MSG_MORE, or until UDP_CORK is taken
// off (udp(7)).
bool DatagramJoiner::is_whole(const Socket& socket, DatagramCall& made) {
  if (made.way != Way::Sent || socket.domain == AF_UNIX) return true;
  if (auto before = unfinished_.extract(socket.id)) made = joined(before.mapped(), made);
  if (!made.span.more && !socket.options.corked) return true;
  unfinished_.insert_or_assign(socket.id, std::move(made));
  return false;
}

// The parts of a message follow each other.
void DatagramJoiner::add_calls(const Socket& socket, std::vector<DatagramCall> calls) {
  std::optional<Pending> packet;
  uint64_t left = 0;
  for (DatagramCall& made : calls) {
    if (!is_whole(socket, made)) continue;
    const bool is_part = made.batch != 0 && made.way == Way::Sent;
    const uint64_t size = made.size;
    const uint64_t batch = made.batch;
    Pending seen = pending_of(socket, made);
    if (is_part && left == 0) {
      ++batches_;
      left = batch;
      seen.batch = {batches_, batch};
      packet = take_packet_of(seen);
    }
    if (is_part) {
      seen.batch = {batches_, batch};
      if (packet) be_in_packet_of(*packet, seen);
      left -= std::min(left, size);
    }
    add(std::move(seen));
  }
}

// The packet tells the ends, too.
void DatagramJoiner::be_in_packet_of(const Pending& whole, Pending& part) {
  part.datagram.packet = whole.datagram.packet;
  make_precise(part.from, whole.from);
  make_precise(part.to, whole.to);
}

// The packet that brings all of its batch, if it has come.
std::optional<DatagramJoiner::Pending> DatagramJoiner::take_packet_of(const Pending& first) {
  const auto place = pending_.find(DatagramPart::Send, first.to, [&](const Pending& pending) {
    return pending.datagram.packet && pending.datagram.size == first.batch.size &&
           ends_fit(pending.from, first.from) && ends_fit(pending.to, first.to) &&
           begin_alike(pending.begin, first.begin) && times_fit(first.datagram, pending.datagram);
  });
  if (!place) return std::nullopt;
  return pending_.take(*place);
}

// Whether it is the packet of a batch whose sends are known.
bool DatagramJoiner::lies_in_packet_of(const Pending& seen) {
  const auto is_of = [&](const Pending& pending) {
    return pending.batch.id != 0 && pending.batch.size == seen.datagram.size &&
           pending.datagram.send && ends_fit(pending.from, seen.from) &&
           ends_fit(pending.to, seen.to) && begin_alike(pending.begin, seen.begin) &&
           times_fit(pending.datagram, seen.datagram);
  };
  const auto first = pending_.find(DatagramPart::Packet, seen.to, is_of);
  if (!first) return false;
  const uint64_t batch = (*first)->batch.id;
  for (auto place = first; place;
       place = pending_.find(DatagramPart::Packet, seen.to,
                             [=](const Pending& pending) { return pending.batch.id == batch; }))
    pending_.change(*place, [&](Pending& part) { be_in_packet_of(seen, part); });
  return true;
}

// A receive that is the beginning of a longer packet shows that it is several datagrams.
bool DatagramJoiner::cut_packet_of(const Pending& seen) {
  const uint64_t size = seen.datagram.size;
  if (!seen.datagram.receive || seen.is_cut || seen.datagram.truncated || size == 0) return false;
  const auto place = pending_.find(DatagramPart::Receive, seen.to, [&](const Pending& pending) {
    return pending.datagram.packet && !pending.is_cut && pending.datagram.size > size &&
           !pending.begin.empty() && !seen.begin.empty() && ends_fit(pending.from, seen.from) &&
           ends_fit(pending.to, seen.to) && begin_alike(pending.begin, seen.begin) &&
           times_fit(pending.datagram, seen.datagram);
  });
  if (!place) return false;
  const Pending whole = pending_.take(*place);
  const uint64_t batch = ++batches_;
  for (uint64_t at = 0; at < whole.datagram.size; at += size) {
    Pending part = whole;
    part.batch = {batch, whole.datagram.size};
    part.datagram.size = std::min(size, whole.datagram.size - at);
    const size_t known = std::min<uint64_t>(at, whole.begin.size());
    part.begin.erase(part.begin.begin(), part.begin.begin() + std::ptrdiff_t(known));
    if (part.begin.size() > part.datagram.size) part.begin.resize(part.datagram.size);
    if (part.datagram.send) part.datagram.send->range = {0, part.datagram.size};
    pending_.add(std::move(part));
  }
  return true;
}

void DatagramJoiner::unreachable(const IcmpError& error) {
  const Packet& quoted = error.quoted;
  const auto end = [&](const IpAddress& address, uint16_t port) {
    return endpoint_of({address, port}, quoted.ip_version);
  };
  Pending seen;
  seen.from = end(quoted.source, quoted.source_port);
  seen.to = end(quoted.destination, quoted.destination_port);
  const auto begin = quoted.payload.first(std::min(quoted.payload.size(), kComparedBytes));
  seen.begin.assign(begin.begin(), begin.end());
  const auto place = pending_.find(DatagramPart::Receive, seen.to, [&](const Pending& pending) {
    return !pending.datagram.error && pending.datagram.packet &&
           ends_fit(pending.from, seen.from) && ends_fit(pending.to, seen.to) &&
           pending.datagram.size == quoted.payload_length && begin_alike(pending.begin, seen.begin);
  });
  if (!place) return;
  Pending& about = **place;
  about.datagram.error = DatagramError{.packet = error.packet,
                                       .time_ns = error.time_ns,
                                       .reason = error.reason,
                                       .told = {},
                                       .errno_name = {}};
  about.newest_ns = std::max(about.newest_ns, error.time_ns);
}

void DatagramJoiner::add(Pending seen) {
  auto place = place_of(seen);
  if (place) {
    pending_.change(*place, [&](Pending& into) { merge(into, seen); });
  } else {
    check_peer(seen);
    seen.has_receiver = has_receiver(seen);
    place = pending_.add(std::move(seen));
  }
  if ((*place)->is_to_group()) gather_receives(*place);
  note_names(**place);
  if (!(*place)->datagram.receive) return;
  if (is_of_unix(**place)) unix_.exchanged((*place)->sender, (*place)->receivers.front());
  uint64_t& newest = received_[ends_of(**place)];
  newest = std::max(newest, (*place)->order);
}

// What it belongs to. A receive that does not say from whom it was may be from another peer than
// the socket has by now.
std::optional<DatagramJoiner::Place> DatagramJoiner::place_of(Pending& seen) {
  auto place = place_for(seen);
  if (place || !seen.datagram.receive) return place;
  if (cut_packet_of(seen)) return place_for(seen);
  if (!seen.from_is_guess || !seen.from) return std::nullopt;
  const auto guess = std::exchange(seen.from, std::nullopt);
  place = place_for(seen);
  if (!place) seen.from = guess;
  return place;
}

std::optional<DatagramJoiner::Place> DatagramJoiner::place_for(const Pending& seen) {
  const auto accepts = [&](const Pending& pending) { return fits(pending, seen); };
  if (seen.datagram.send) return pending_.find(DatagramPart::Send, seen.to, accepts);
  if (seen.datagram.packet) return pending_.find(DatagramPart::Packet, seen.to, accepts);
  const auto alone = pending_.find(DatagramPart::Receive, seen.to, accepts);
  const auto beside = place_beside_others(seen);
  if (!alone || (beside && (*beside)->order < (*alone)->order)) return beside;
  return alone;
}

// One to a group that others have received, and this socket has not.
std::optional<DatagramJoiner::Place> DatagramJoiner::place_beside_others(const Pending& seen) {
  return pending_.find_group([&](const Pending& pending) {
    return pending.datagram.receive && !pending.is_received_by(seen.receivers.front()) &&
           alike(pending, seen) && times_fit(pending.datagram, seen.datagram);
  });
}

// Those that came before it was known that it went to a group.
void DatagramJoiner::gather_receives(Place place) {
  const auto is_of_it = [&](const Pending& pending) {
    return !pending.datagram.packet && pending.datagram.receive &&
           !place->is_received_by(pending.receivers.front()) && alike(*place, pending) &&
           times_fit(place->datagram, pending.datagram);
  };
  while (place->datagram.receive) {
    const auto other = pending_.find(DatagramPart::Send, place->to, is_of_it);
    if (!other) return;
    Pending taken = pending_.take(*other);
    pending_.change(place, [&](Pending& into) { merge(into, taken); });
  }
}

// The kernel gives a socket its port when it sends, and nobody asks for it; the packet or the
// receiver tells.
void DatagramJoiner::note_names(const Pending& pending) {
  if (pending.sender != 0 && pending.from && pending.from->family != AddressFamily::Unix)
    names_.try_emplace(pending.sender, *pending.from);
  if (pending.receivers.size() == 1 && pending.to && !pending.is_to_group() &&
      pending.to->family != AddressFamily::Unix)
    names_.try_emplace(pending.receivers.front(), *pending.to);
}

}  // namespace wireseam
