// SPDX-License-Identifier: Apache-2.0
#include "inspector/decode/ip_reassembler.h"

#include <algorithm>

namespace wireseam {
namespace {

constexpr uint32_t kLargestDatagram = 65535;
constexpr uint32_t kUnit = 8;  // all fragments but the last are multiples of it

}  // namespace

size_t IpReassembler::Datagram::cost() const {
  return sizeof(Datagram) + bytes.size() + ranges.size() * sizeof(Range);
}

bool IpReassembler::Datagram::is_whole() const {
  return size != 0 && ranges.size() == 1 && ranges[0].begin == 0 && ranges[0].end == size;
}

FragmentVerdict IpReassembler::Datagram::judge(Range range, bool more) const {
  if (range.end > kLargestDatagram || range.begin == range.end) return FragmentVerdict::Contradicts;
  const uint32_t known_end = ranges.empty() ? 0 : ranges.back().end;
  if (size != 0 && (range.end > size || (!more && range.end != size)))
    return FragmentVerdict::Contradicts;
  if (!more && range.end < known_end) return FragmentVerdict::Contradicts;
  const auto behind = std::upper_bound(ranges.begin(), ranges.end(), range.begin,
                                       [](uint32_t at, Range other) { return at < other.end; });
  if (behind == ranges.end() || range.end <= behind->begin) return FragmentVerdict::Kept;
  const bool is_known = behind->begin <= range.begin && range.end <= behind->end;
  return is_known ? FragmentVerdict::Duplicate : FragmentVerdict::Overlaps;
}

void IpReassembler::Datagram::insert(Range range) {
  auto behind = std::lower_bound(ranges.begin(), ranges.end(), range.begin,
                                 [](Range other, uint32_t at) { return other.begin < at; });
  const bool joins_front = behind != ranges.begin() && std::prev(behind)->end == range.begin;
  const bool joins_back = behind != ranges.end() && behind->begin == range.end;
  if (joins_front && joins_back) {
    std::prev(behind)->end = behind->end;
    ranges.erase(behind);
  } else if (joins_front) {
    std::prev(behind)->end = range.end;
  } else if (joins_back) {
    behind->begin = range.begin;
  } else {
    ranges.insert(behind, range);
  }
}

FragmentVerdict IpReassembler::add(const Packet& packet, const FragmentHeader& header,
                                   std::span<const std::byte> bytes) {
  forget_old(packet.time_ns);
  // Linux does so with IPv4; IPv6's senders are told off.
  const bool is_odd = header.more && bytes.size() % kUnit != 0;
  if (is_odd && packet.ip_version == IpVersion::V6) return FragmentVerdict::Contradicts;
  if (is_odd) bytes = bytes.first(bytes.size() - bytes.size() % kUnit);
  const bool is_v4 = packet.ip_version == IpVersion::V4;
  const Key key{packet.ip_version, is_v4 ? header.protocol : uint8_t{0}, header.id, packet.source,
                packet.destination};
  return place(find_or_begin(key, packet.time_ns), header, bytes);
}

IpReassembler::Datagrams::iterator IpReassembler::find_or_begin(const Key& key, uint64_t time_ns) {
  if (const auto known = index_.find(key); known != index_.end()) return known->second;
  const auto begun = datagrams_.insert(datagrams_.end(), Datagram{.key = key, .first_ns = time_ns});
  index_.emplace(key, begun);
  bytes_ += begun->cost();
  return begun;
}

FragmentVerdict IpReassembler::place(Datagrams::iterator datagram, const FragmentHeader& header,
                                     std::span<const std::byte> bytes) {
  const uint32_t end = header.offset + static_cast<uint32_t>(bytes.size());
  const FragmentVerdict verdict = datagram->judge({header.offset, end}, header.more);
  if (verdict == FragmentVerdict::Duplicate) return verdict;
  if (verdict != FragmentVerdict::Kept) {
    ++counts_.contradictory;
    forget(datagram);
    return verdict;
  }
  bytes_ -= datagram->cost();
  datagram->insert({header.offset, end});
  if (datagram->bytes.size() < end) datagram->bytes.resize(end);
  std::copy(bytes.begin(), bytes.end(), datagram->bytes.begin() + header.offset);
  if (!header.more) datagram->size = end;
  if (header.offset == 0) datagram->protocol = header.protocol;
  bytes_ += datagram->cost();
  if (datagram->is_whole()) {
    complete(datagram);
    return FragmentVerdict::Completes;
  }
  keep_limits();
  return verdict;
}

void IpReassembler::complete(Datagrams::iterator datagram) {
  ++counts_.complete;
  protocol_ = datagram->protocol;
  const size_t cost = datagram->cost();
  datagram_.swap(datagram->bytes);
  bytes_ -= cost - datagram->cost();
  forget(datagram);
}

void IpReassembler::forget(Datagrams::iterator datagram) {
  bytes_ -= datagram->cost();
  index_.erase(datagram->key);
  datagrams_.erase(datagram);
}

void IpReassembler::forget_old(uint64_t now_ns) {
  while (!datagrams_.empty() && now_ns > datagrams_.front().first_ns &&
         now_ns - datagrams_.front().first_ns > limits_.timeout_ns) {
    ++counts_.timed_out;
    forget(datagrams_.begin());
  }
}

void IpReassembler::keep_limits() {
  while (datagrams_.size() > limits_.datagrams || bytes_ > limits_.bytes) {
    ++counts_.crowded_out;
    forget(datagrams_.begin());
  }
}

}  // namespace wireseam
