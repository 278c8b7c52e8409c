// SPDX-License-Identifier: Apache-2.0
#include "inspector/join/datagram_match.h"

#include <algorithm>
#include <utility>

#include "inspector/join/ends.h"

namespace wireseam {
namespace {

constexpr uint64_t kSlackNs = 1'000'000;        // between the clocks of calls and packets
constexpr uint64_t kDepartureNs = 200'000'000;  // a link address may be asked for first

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

// A socket that is bound to any address of IPv6 takes IPv4 as well.
bool ends_fit(const std::optional<Endpoint>& one, const std::optional<Endpoint>& other) {
  if (!one || !other) return true;
  if (one->family == AddressFamily::Unix) return one->path == other->path;
  if (one->port != other->port) return false;
  return is_any(*one) || is_any(*other) ||
         (one->family == other->family && one->address == other->address);
}

bool is_of_unix(const PendingDatagram& pending) {
  const auto is_unix = [](const std::optional<Endpoint>& end) {
    return end && end->family == AddressFamily::Unix;
  };
  return is_unix(pending.from) || is_unix(pending.to);
}

void make_precise(std::optional<Endpoint>& end, const std::optional<Endpoint>& other) {
  if (other && (!end || is_any(*end))) end = other;
}

bool begin_alike(const std::vector<std::byte>& one, const std::vector<std::byte>& other) {
  return std::equal(one.begin(), one.begin() + std::ptrdiff_t(std::min(one.size(), other.size())),
                    other.begin());
}

// As far as they tell of different things.
bool times_fit(const Datagram& one, const Datagram& other) {
  if (one.send && other.packet &&
      (other.packet->time_ns + kSlackNs < one.send->begin_ns ||
       other.packet->time_ns > one.send->end_ns() + kDepartureNs))
    return false;
  const uint64_t first_ns =
      one.packet ? one.packet->time_ns : (one.send ? one.send->begin_ns : uint64_t{0});
  return !other.receive || other.receive->end_ns() + kSlackNs >= first_ns;
}

bool alike(const PendingDatagram& one, const PendingDatagram& other) {
  return ends_fit(one.from, other.from) && ends_fit(one.to, other.to) &&
         sizes_fit(one.datagram.size, one.is_cut, other.datagram.size, other.is_cut) &&
         begin_alike(one.begin, other.begin);
}

bool fits(const PendingDatagram& pending, const PendingDatagram& seen) {
  const Datagram& one = pending.datagram;
  const Datagram& other = seen.datagram;
  if ((one.send && other.send) || (one.packet && other.packet) || (one.receive && other.receive))
    return false;
  return alike(pending, seen) && times_fit(one, other) && times_fit(other, one);
}

void merge(PendingDatagram& into, PendingDatagram& seen) {
  Datagram& datagram = into.datagram;
  if (into.is_cut) datagram.size = std::max(datagram.size, seen.datagram.size);
  into.is_cut = into.is_cut && seen.is_cut;
  take(datagram.send, seen.datagram.send);
  take(datagram.packet, seen.datagram.packet);
  if (datagram.receive && seen.datagram.receive)
    datagram.also_received.push_back(*seen.datagram.receive);
  else
    take(datagram.receive, seen.datagram.receive);
  datagram.truncated = datagram.truncated || seen.datagram.truncated;
  into.is_to_many = into.is_to_many || seen.is_to_many;
  make_precise(into.from, seen.from);
  make_precise(into.to, seen.to);
  if (seen.begin.size() > into.begin.size()) into.begin = std::move(seen.begin);
  if (into.batch.id == 0) into.batch = seen.batch;
  into.sender = std::max(into.sender, seen.sender);
  into.receivers.insert(into.receivers.end(), seen.receivers.begin(), seen.receivers.end());
  into.newest_ns = std::max(into.newest_ns, seen.newest_ns);
}

}  // namespace wireseam
