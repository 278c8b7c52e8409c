// SPDX-License-Identifier: Apache-2.0
#include "inspector/join/datagram_joiner.h"

#include <algorithm>
#include <iterator>

#include "inspector/join/ends.h"
#include "inspector/join/names.h"

namespace wireseam {
namespace {

constexpr uint64_t kSlackNs = 1'000'000;        // between the clocks of calls and packets
constexpr uint64_t kDepartureNs = 200'000'000;  // a link address may be asked for first
constexpr uint64_t kGraceNs = 50'000'000;       // in which all that belongs together becomes known
constexpr uint64_t kLateNs = 1'000'000'000;     // how far behind its successor one may come
constexpr uint64_t kSweepNs = 5'000'000;
constexpr size_t kMostPending = 4096;
constexpr size_t kMostPast = 64;

bool is_any(const Endpoint& end) {
  return std::ranges::all_of(end.address, [](uint8_t byte) { return byte == 0; });
}

// A socket that is bound to any address of IPv6 takes IPv4 as well.
bool ends_fit(const std::optional<Endpoint>& one, const std::optional<Endpoint>& other) {
  if (!one || !other) return true;
  if (one->port != other->port) return false;
  return is_any(*one) || is_any(*other) ||
         (one->family == other->family && one->address == other->address);
}

void make_precise(std::optional<Endpoint>& end, const std::optional<Endpoint>& other) {
  if (other && (!end || is_any(*end))) end = other;
}

bool begin_alike(const std::vector<std::byte>& one, const std::vector<std::byte>& other) {
  return std::equal(one.begin(), one.begin() + std::ptrdiff_t(std::min(one.size(), other.size())),
                    other.begin());
}

bool sizes_fit(uint64_t one, bool one_is_cut, uint64_t other, bool other_is_cut) {
  if (one_is_cut && other_is_cut) return true;
  if (one_is_cut) return other >= one;
  return other_is_cut ? one >= other : one == other;
}

template <typename T>
void take(std::optional<T>& into, std::optional<T>& from) {
  if (from) into = std::move(from);
}

}  // namespace

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
  std::erase_if(pending_, [&](Pending& pending) {
    const Ends ends = ends_of(pending);
    if (ends != ways[0] && ends != ways[1]) return false;
    left.push_back(std::move(pending));
    return true;
  });
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
  seen.datagram.size = piece.range.size();
  seen.datagram.packet = DatagramPacket{piece.packet, piece.time_ns};
  const auto begin = piece.bytes.first(std::min(piece.bytes.size(), kComparedBytes));
  seen.begin.assign(begin.begin(), begin.end());
  seen.newest_ns = piece.time_ns;
  has_packets_ = true;
  add(std::move(seen));
  advance(piece.time_ns);
}

void DatagramJoiner::call(const Event& event, const CallEvent& call, const CallSockets& about) {
  const Socket& socket = *about.socket;
  if (const auto local = endpoint_on_wire(socket.local)) names_.insert_or_assign(socket.id, *local);
  const auto name = names_.find(socket.id);
  for (DatagramCall& made : datagram_calls(event, call, about)) {
    if (name != names_.end()) make_precise(made.local, name->second);
    const bool sent = made.way == Way::Sent;
    Pending seen;
    seen.from = sent ? made.local : made.peer;
    seen.to = sent ? made.peer : made.local;
    seen.begin = std::move(made.begin);
    seen.is_cut = made.is_cut;
    seen.newest_ns = made.span.end_ns();
    seen.datagram.size = made.size;
    seen.datagram.truncated = made.truncated;
    (sent ? seen.sender : seen.receiver) = socket.id;
    (sent ? seen.datagram.send : seen.datagram.receive) = made.span;
    add(std::move(seen));
  }
  advance(event.time_ns + call.duration_ns);
}

void DatagramJoiner::add(Pending seen) {
  auto place =
      std::ranges::find_if(pending_, [&](const Pending& pending) { return fits(pending, seen); });
  if (place == pending_.end()) {
    seen.order = ++order_;
    seen.has_receiver = has_receiver(seen);
    pending_.push_back(std::move(seen));
    place = std::prev(pending_.end());
  } else {
    merge(*place, seen);
  }
  note_names(*place);
  if (!place->datagram.receive) return;
  uint64_t& newest = received_[ends_of(*place)];
  newest = std::max(newest, place->order);
}

bool DatagramJoiner::fits(const Pending& pending, const Pending& seen) {
  const Datagram& one = pending.datagram;
  const Datagram& other = seen.datagram;
  if ((one.send && other.send) || (one.packet && other.packet) || (one.receive && other.receive))
    return false;
  return ends_fit(pending.from, seen.from) && ends_fit(pending.to, seen.to) &&
         sizes_fit(one.size, pending.is_cut, other.size, seen.is_cut) &&
         begin_alike(pending.begin, seen.begin) && times_fit(one, other) && times_fit(other, one);
}

// As far as they tell of different things.
bool DatagramJoiner::times_fit(const Datagram& one, const Datagram& other) {
  if (one.send && other.packet &&
      (other.packet->time_ns + kSlackNs < one.send->begin_ns ||
       other.packet->time_ns > one.send->end_ns() + kDepartureNs))
    return false;
  const uint64_t first_ns =
      one.packet ? one.packet->time_ns : (one.send ? one.send->begin_ns : uint64_t{0});
  return !other.receive || other.receive->end_ns() + kSlackNs >= first_ns;
}

void DatagramJoiner::merge(Pending& into, Pending& seen) {
  Datagram& datagram = into.datagram;
  if (into.is_cut) datagram.size = std::max(datagram.size, seen.datagram.size);
  into.is_cut = into.is_cut && seen.is_cut;
  take(datagram.send, seen.datagram.send);
  take(datagram.packet, seen.datagram.packet);
  take(datagram.receive, seen.datagram.receive);
  datagram.truncated = datagram.truncated || seen.datagram.truncated;
  make_precise(into.from, seen.from);
  make_precise(into.to, seen.to);
  if (seen.begin.size() > into.begin.size()) into.begin = std::move(seen.begin);
  into.sender = std::max(into.sender, seen.sender);
  into.receiver = std::max(into.receiver, seen.receiver);
  into.newest_ns = std::max(into.newest_ns, seen.newest_ns);
}

// The kernel gives a socket its port when it sends, and nobody asks for it; the packet or the
// receiver tells.
void DatagramJoiner::note_names(const Pending& pending) {
  if (pending.sender != 0 && pending.from) names_.try_emplace(pending.sender, *pending.from);
  if (pending.receiver != 0 && pending.to) names_.try_emplace(pending.receiver, *pending.to);
}

// Handing over ------------------------------------------------------------------------------------

void DatagramJoiner::advance(uint64_t now_ns) {
  if (now_ns < swept_ns_ + kSweepNs && pending_.size() <= kMostPending) return;
  swept_ns_ = std::max(swept_ns_, now_ns);
  std::vector<Pending> settled;
  size_t too_many = pending_.size() - std::min(pending_.size(), kMostPending);
  std::erase_if(pending_, [&](Pending& pending) {
    if (too_many == 0 && !is_settled(pending, now_ns)) return false;
    too_many -= std::min<size_t>(too_many, 1);
    settled.push_back(std::move(pending));
    return true;
  });
  hand_over(std::move(settled));
  // Who was there when a datagram came is known of it.
  std::erase_if(names_, [this](const auto& name) { return !sockets_.in_use(name.first); });
}

void DatagramJoiner::finish() {
  for (Pending& pending : pending_)
    pending.has_receiver = pending.has_receiver || has_receiver(pending);
  hand_over({std::make_move_iterator(pending_.begin()), std::make_move_iterator(pending_.end())});
  pending_.clear();
  for (const auto& [id, talk] : talks_) tell(talk);
  flows_.clear();
  talks_.clear();
}

void DatagramJoiner::tell(const DatagramTalk& talk) {
  if (talk.counts[0].datagrams + talk.counts[1].datagrams > 0) sink_.datagrams(talk);
}

bool DatagramJoiner::is_settled(Pending& pending, uint64_t now_ns) {
  const Datagram& datagram = pending.datagram;
  if (datagram.send && datagram.receive && (datagram.packet || !has_packets_)) return true;
  if (now_ns < pending.newest_ns + kGraceNs) return false;
  if (datagram.receive || !has_receiver(pending)) return true;
  pending.has_receiver = true;
  const auto newest = received_.find(ends_of(pending));
  const bool is_overtaken = newest != received_.end() && newest->second > pending.order;
  if (is_overtaken && pending.overtaken_ns == 0) pending.overtaken_ns = now_ns;
  return is_overtaken && now_ns >= pending.overtaken_ns + kLateNs;
}

bool DatagramJoiner::has_receiver(const Pending& pending) const {
  return pending.to && std::ranges::any_of(names_, [&](const auto& name) {
           return ends_fit(name.second, pending.to) && sockets_.in_use(name.first);
         });
}

uint64_t DatagramJoiner::arrived_ns(const Pending& pending) {
  const Datagram& datagram = pending.datagram;
  if (datagram.receive) return datagram.receive->end_ns();
  return datagram.packet ? datagram.packet->time_ns : 0;
}

void DatagramJoiner::hand_over(std::vector<Pending> settled) {
  std::ranges::stable_sort(settled, {}, arrived_ns);
  for (Pending& pending : settled) hand_over(pending);
}

void DatagramJoiner::hand_over(Pending& pending) {
  Datagram& datagram = pending.datagram;
  std::deque<Past>& before = past_[ends_of(pending)];
  judge(pending, before);
  const bool is_of_traced =
      datagram.send || datagram.receive || pending.has_receiver || datagram.duplicate_of != 0;
  if (!is_of_traced) return;
  const Flow& flow = flow_of(pending);
  DatagramCounts& counts = flow.talk->counts[static_cast<size_t>(flow.direction)];
  datagram.number = ++counts.datagrams;
  counts.lost += datagram.lost ? 1 : 0;
  counts.reordered += datagram.reordered ? 1 : 0;
  counts.duplicates += datagram.duplicate_of != 0 ? 1 : 0;
  counts.truncated += datagram.truncated ? 1 : 0;
  sink_.datagram(*flow.talk, flow.direction, datagram);
  before.push_back({.number = datagram.number,
                    .size = datagram.size,
                    .begin = std::move(pending.begin),
                    .sent_ns = datagram.send ? datagram.send->begin_ns : 0,
                    .arrived_ns = arrived_ns(pending)});
  if (before.size() > kMostPast) before.pop_front();
}

void DatagramJoiner::judge(Pending& pending, std::deque<Past>& before) const {
  Datagram& datagram = pending.datagram;
  datagram.lost = !datagram.receive && pending.has_receiver;
  datagram.not_captured = datagram.send && !datagram.packet && has_packets_;
  datagram.truncated =
      datagram.truncated || (datagram.receive && datagram.receive->range.size() < datagram.size);
  const uint64_t arrived = arrived_ns(pending);
  for (const Past& past : before) {
    if (past.sent_ns == 0) continue;
    const bool is_alike = past.size == datagram.size && begin_alike(past.begin, pending.begin) &&
                          (datagram.size == 0 || !pending.begin.empty());
    if (!datagram.send && is_alike) datagram.duplicate_of = past.number;
    if (datagram.send && past.sent_ns > datagram.send->begin_ns && past.arrived_ns < arrived)
      datagram.reordered = true;
  }
}

DatagramJoiner::Ends DatagramJoiner::ends_of(const Pending& pending) {
  const std::string from =
      pending.from ? to_string(*pending.from) : "socket " + std::to_string(pending.sender);
  const std::string to =
      pending.to ? to_string(*pending.to) : "socket " + std::to_string(pending.receiver);
  return {from, to};
}

DatagramJoiner::Flow& DatagramJoiner::flow_of(const Pending& pending) {
  const Ends ends = ends_of(pending);
  Flow& flow = flows_[ends];
  if (flow.talk != nullptr) return flow;
  const uint64_t id = take_id_();
  flow.talk = &talks_[id];
  *flow.talk = {.id = id,
                .client = pending.from ? ends.first : "-",
                .server = pending.to ? ends.second : "-"};
  flows_[{ends.second, ends.first}] = {flow.talk, Direction::ToClient};
  return flow;
}

}  // namespace wireseam
