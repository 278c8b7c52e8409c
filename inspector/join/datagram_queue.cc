// SPDX-License-Identifier: Apache-2.0
#include "inspector/join/datagram_queue.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace wireseam {
namespace {

constexpr uint64_t kNoName = 0;
constexpr DatagramPart kParts[] = {DatagramPart::Send, DatagramPart::Packet, DatagramPart::Receive};

// By the port alone: the address may be any.
uint64_t name_key(const std::optional<Endpoint>& to) {
  if (!to) return kNoName;
  if (to->family != AddressFamily::Unix) return uint64_t{to->port} + 1;
  return std::hash<std::string>()(to->path) | (uint64_t{1} << 63);
}

}  // namespace

bool is_group(const Endpoint& end) {
  if (end.family == AddressFamily::Inet6) return end.address[0] == 0xff;
  if (end.family != AddressFamily::Inet) return false;
  // The broadcast address of a subnet ends so wherever the prefix is no longer than 24 bits. Of
  // others packets and senders tell.
  return (end.address[0] & 0xf0) == 0xe0 || end.address[3] == 255;
}

bool PendingDatagram::has(DatagramPart part) const {
  switch (part) {
    case DatagramPart::Send:
      return datagram.send.has_value();
    case DatagramPart::Packet:
      return datagram.packet.has_value();
    case DatagramPart::Receive:
      return datagram.receive.has_value();
  }
  return false;
}

bool PendingDatagram::is_to_group() const { return is_to_many || (to && is_group(*to)); }

bool PendingDatagram::is_received_by(uint64_t socket) const {
  return std::ranges::find(receivers, socket) != receivers.end();
}

DatagramQueue::Place DatagramQueue::add(PendingDatagram pending) {
  pending.order = ++order_;
  all_.push_back(std::move(pending));
  const Place place = std::prev(all_.end());
  file(place);
  return place;
}

PendingDatagram DatagramQueue::take(Place place) {
  unfile(place);
  PendingDatagram taken = std::move(*place);
  all_.erase(place);
  return taken;
}

void DatagramQueue::change(Place place, const std::function<void(PendingDatagram&)>& change) {
  unfile(place);
  change(*place);
  file(place);
}

void DatagramQueue::file(Place place) {
  const Key key{name_key(place->to), place->order};
  for (const DatagramPart part : kParts)
    if (!place->has(part)) lacking_[static_cast<size_t>(part)].emplace(key, place);
  if (place->is_to_group()) groups_.emplace(place->order, place);
}

void DatagramQueue::unfile(Place place) {
  const Key key{name_key(place->to), place->order};
  for (Index& index : lacking_) index.erase(key);
  groups_.erase(place->order);
}

std::optional<DatagramQueue::Place> DatagramQueue::find(
    DatagramPart lacking, const std::optional<Endpoint>& to,
    const std::function<bool(const PendingDatagram&)>& accepts) {
  Index& index = lacking_[static_cast<size_t>(lacking)];
  std::optional<Place> oldest;
  const auto look = [&](Index::iterator from, Index::iterator until) {
    const auto found =
        std::find_if(from, until, [&](const auto& each) { return accepts(*each.second); });
    if (found != until && (!oldest || found->second->order < (*oldest)->order))
      oldest = found->second;
  };
  if (!to) {
    for (auto at = index.begin(); at != index.end();) {
      const auto next = index.upper_bound({at->first.first, UINT64_MAX});
      look(at, next);
      at = next;
    }
    return oldest;
  }
  for (const uint64_t name : {kNoName, name_key(to)})
    look(index.lower_bound({name, 0}), index.upper_bound({name, UINT64_MAX}));
  return oldest;
}

std::optional<DatagramQueue::Place> DatagramQueue::find_group(
    const std::function<bool(const PendingDatagram&)>& accepts) {
  const auto found =
      std::ranges::find_if(groups_, [&](const auto& each) { return accepts(*each.second); });
  return found != groups_.end() ? std::optional(found->second) : std::nullopt;
}

}  // namespace wireseam
