// SPDX-License-Identifier: Apache-2.0
// What became of datagrams, and when that is known: the second half of the datagram joiner.
#include <algorithm>
#include <utility>

#include "inspector/join/datagram_joiner.h"
#include "inspector/join/datagram_match.h"

namespace wireseam {
namespace {

constexpr uint64_t kGraceNs = 50'000'000;    // in which all that belongs together becomes known
constexpr uint64_t kLateNs = 1'000'000'000;  // how far behind its successor one may come
// A host that does not answer for its link address is unreachable after three attempts (RFC 4861,
// 10; arp(7): mcast_solicit).
constexpr uint64_t kErrorNs = 4'000'000'000;
constexpr uint64_t kSweepNs = 5'000'000;
constexpr size_t kSweptOften = 1024;
constexpr size_t kMostPending = 65536;
constexpr size_t kMostPast = 64;

}  // namespace

// Handing over ------------------------------------------------------------------------------------

// Of many that wait, each is looked at less often.
void DatagramJoiner::advance(uint64_t now_ns) {
  const uint64_t sweep_ns = swept_ns_ + kSweepNs * (1 + pending_.size() / kSweptOften);
  if (now_ns < sweep_ns && pending_.size() <= kMostPending) return;
  std::vector<Pending> settled;
  while (pending_.size() > kMostPending) {
    settled.push_back(pending_.take(pending_.all().begin()));
    settled.back().is_given_up = true;
  }
  if (now_ns >= sweep_ns) {
    swept_ns_ = now_ns;
    part_from_strangers(now_ns - std::min(now_ns, kGraceNs));
    for (auto place = pending_.all().begin(); place != pending_.all().end();) {
      const Place at = place++;
      if (is_settled(*at, now_ns)) settled.push_back(pending_.take(at));
    }
    // Who was there when a datagram came is known of it.
    std::erase_if(names_, [this](const auto& name) { return !sockets_.in_use(name.first); });
  }
  hand_over(std::move(settled));
}

void DatagramJoiner::finish() {
  part_from_strangers(UINT64_MAX);
  std::vector<Pending> left;
  while (pending_.size() > 0) left.push_back(pending_.take(pending_.all().begin()));
  for (Pending& pending : left)
    pending.has_receiver = pending.has_receiver || has_receiver(pending);
  hand_over(std::move(left));
  for (const auto& [id, talk] : talks_) tell(talk);
  flows_.clear();
  talks_.clear();
}

void DatagramJoiner::tell(const DatagramTalk& talk) {
  if (talk.counts[0].datagrams + talk.counts[1].datagrams > 0) sink_.datagrams(talk);
}

bool DatagramJoiner::is_settled(Pending& pending, uint64_t now_ns) {
  const Datagram& datagram = pending.datagram;
  const bool has_packet = datagram.packet || !has_packets_ || is_of_unix(pending);
  const uint64_t grace_ns = pending.is_to_group() ? kLateNs : kGraceNs;
  if (datagram.send && datagram.receive && has_packet && !pending.is_to_group()) return true;
  if (now_ns < pending.newest_ns + grace_ns || awaits_error(pending, now_ns)) return false;
  if (awaits_accept(pending, now_ns)) return false;
  if (datagram.receive) return true;
  if (!has_receiver(pending)) return pending.has_receiver || !may_come_back(pending, now_ns);
  pending.has_receiver = true;
  const auto newest = received_.find(ends_of(pending));
  const bool is_overtaken = newest != received_.end() && newest->second > pending.order;
  if (is_overtaken && pending.overtaken_ns == 0) pending.overtaken_ns = now_ns;
  return is_overtaken && now_ns >= pending.overtaken_ns + kLateNs;
}

// The next call of the sender fails for it, if it is connected.
bool DatagramJoiner::awaits_error(const Pending& pending, uint64_t now_ns) const {
  const auto& error = pending.datagram.error;
  return error && !error->told && sockets_.in_use(pending.sender) &&
         now_ns < pending.newest_ns + kLateNs;
}

// One that a server has not accepted so far can't have been received.
bool DatagramJoiner::awaits_accept(const Pending& pending, uint64_t now_ns) const {
  return unix_.awaits_accept(pending.sender) && sockets_.in_use(pending.sender) &&
         now_ns < pending.newest_ns + kLateNs;
}

// Whether an ICMP message about it may still come: nobody there has answered since.
bool DatagramJoiner::may_come_back(const Pending& pending, uint64_t now_ns) const {
  const Datagram& datagram = pending.datagram;
  if (!datagram.send || !datagram.packet || datagram.error || pending.is_to_group()) return false;
  if (now_ns >= pending.newest_ns + kErrorNs || !sockets_.in_use(pending.sender)) return false;
  const Ends ends = ends_of(pending);
  const auto answer = received_.find({ends.second, ends.first});
  return answer == received_.end() || answer->second < pending.order;
}

// Any of them may have been received by a call that was lost, or sent by one.
void DatagramJoiner::lost_calls() {
  for (Pending& pending : pending_.all()) pending.is_given_up = true;
}

// What is sent to a group is received by those that have joined it, which nobody knows.
bool DatagramJoiner::has_receiver(const Pending& pending) const {
  if (!pending.to || pending.is_to_group()) return false;
  if (const uint64_t socket = UnixEnds::socket_of(*pending.to)) return sockets_.in_use(socket);
  return std::ranges::any_of(names_, [&](const auto& name) {
    return ends_fit(name.second, pending.to) && sockets_.in_use(name.first);
  });
}

uint64_t DatagramJoiner::arrived_ns(const Pending& pending) {
  const Datagram& datagram = pending.datagram;
  if (datagram.receive) return datagram.receive->end_ns();
  return datagram.packet ? datagram.packet->time_ns : 0;
}

void DatagramJoiner::hand_over(std::vector<Pending> settled) {
  // What never arrived has its place by when it was sent.
  std::ranges::stable_sort(settled, {}, [](const Pending& pending) {
    const auto& send = pending.datagram.send;
    return std::max(arrived_ns(pending), send ? send->begin_ns : 0);
  });
  for (Pending& pending : settled) hand_over(pending);
}

void DatagramJoiner::hand_over(Pending& pending) {
  Datagram& datagram = pending.datagram;
  std::deque<Past>& before = past_[ends_of(pending)];
  if (is_end_of_stream(pending)) return;
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
                    .receivers = pending.receivers,
                    .sent_ns = datagram.send ? datagram.send->begin_ns : 0,
                    .arrived_ns = datagram.lost ? 0 : arrived_ns(pending)});
  if (before.size() > kMostPast) before.pop_front();
}

void DatagramJoiner::judge(Pending& pending, std::deque<Past>& before) const {
  Datagram& datagram = pending.datagram;
  datagram.lost = !datagram.receive && pending.has_receiver && !pending.is_given_up &&
                  !datagram.error && !unix_.is_doubtful(pending.sender);
  datagram.not_captured = datagram.send && !datagram.packet && has_packets_ && !is_of_unix(pending);
  datagram.truncated =
      datagram.truncated || (datagram.receive && datagram.receive->range.size() < datagram.size);
  const uint64_t arrived = arrived_ns(pending);
  for (const Past& past : before) {
    if (past.sent_ns == 0) continue;
    const bool is_alike = past.size == datagram.size && begin_alike(past.begin, pending.begin) &&
                          (datagram.size == 0 || !pending.begin.empty());
    // What another socket received was sent to more than one: the broadcast address of a subnet.
    const bool is_to_others = !pending.receivers.empty() && !past.receivers.empty() &&
                              pending.receivers != past.receivers;
    if (!datagram.send && is_alike && !is_to_others && !pending.is_given_up &&
        !pending.is_to_group() && !is_of_unix(pending))
      datagram.duplicate_of = past.number;
    if (datagram.send && past.sent_ns > datagram.send->end_ns() && past.arrived_ns != 0 &&
        past.arrived_ns < arrived)
      datagram.reordered = true;
  }
}

// recv(2) of SOCK_SEQPACKET returns 0 at the end, too.
bool DatagramJoiner::is_end_of_stream(const Pending& pending) const {
  return is_of_unix(pending) && pending.datagram.size == 0 && !pending.datagram.send &&
         !pending.is_cut;
}

DatagramJoiner::Ends DatagramJoiner::ends_of(const Pending& pending) {
  const std::string from =
      pending.from ? to_string(*pending.from) : "socket " + std::to_string(pending.sender);
  const std::string to =
      pending.to
          ? to_string(*pending.to)
          : "socket " + std::to_string(pending.receivers.empty() ? 0 : pending.receivers.front());
  return {from, to};
}

DatagramJoiner::Flow& DatagramJoiner::flow_of(const Pending& pending) {
  const Ends ends = ends_of(pending);
  Flow& flow = flows_[ends];
  if (flow.talk != nullptr) return flow;
  const uint64_t id = take_id_();
  const auto text = [this](const std::optional<Endpoint>& end) {
    return end ? unix_.text(*end) : std::string("-");
  };
  flow.talk = &talks_[id];
  *flow.talk = {.medium = is_of_unix(pending) ? Medium::Unix : Medium::Udp,
                .id = id,
                .client = text(pending.from),
                .server = text(pending.to)};
  if (pending.from && unix_.is_server(*pending.from)) {
    std::swap(flow.talk->client, flow.talk->server);
    flow.direction = Direction::ToClient;
  }
  flows_[{ends.second, ends.first}] = {flow.talk, opposite(flow.direction)};
  return flow;
}

}  // namespace wireseam
