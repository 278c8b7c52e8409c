// SPDX-License-Identifier: Apache-2.0
#include "tests/inspector/judged_causes.h"

#include <algorithm>
#include <set>
#include <sstream>

#include "inspector/decode/packet.h"

namespace wireseam::test {
namespace {

// What one direction of the capture has shown so far.
struct Seen {
  std::set<uint64_t> transmissions;
  uint64_t newest_transmission = 0;
  uint64_t newest_position = 0;  // behind the SYN, the last byte or the FIN
};

Truth truth_of(const PacketTruth& packet, Seen& seen) {
  const bool copy = !seen.transmissions.insert(packet.transmission).second;
  const bool overtaken = packet.transmission < seen.newest_transmission;
  seen.newest_transmission = std::max(seen.newest_transmission, packet.transmission);
  const bool syn = (packet.flags & kSyn) != 0;
  const bool fin = (packet.flags & kFin) != 0;
  const uint64_t begin = syn ? 0 : packet.payload.begin + 1;
  const uint64_t end = packet.payload.end + 1 + (fin ? 1 : 0);
  if (packet.payload.empty() && !syn && !fin) {
    if (copy) return Truth::AckDuplicate;
    return overtaken ? Truth::AckReordered : Truth::Forward;
  }
  const bool behind = begin < seen.newest_position;
  seen.newest_position = std::max(seen.newest_position, end);
  if (copy) return Truth::NetworkDuplicate;
  const bool again = packet.reason != Reason::First;
  if (!behind) return again ? Truth::ForwardAgain : Truth::Forward;
  if (again) return overtaken ? Truth::Either : Truth::Retransmission;
  return Truth::Reordered;
}

}  // namespace

std::string_view to_string(Truth truth) {
  switch (truth) {
    case Truth::Forward:
      return "forward";
    case Truth::ForwardAgain:
      return "forward-again";
    case Truth::Retransmission:
      return "retransmission";
    case Truth::Reordered:
      return "reordered";
    case Truth::NetworkDuplicate:
      return "network-duplicate";
    case Truth::Either:
      return "either";
    case Truth::AckReordered:
      return "ack-reordered";
    case Truth::AckDuplicate:
      return "ack-duplicate";
  }
  return "";
}

std::vector<Truth> truths_of(std::span<const CapturedPacket> packets) {
  std::vector<Truth> truths;
  Seen seen[2];
  for (const CapturedPacket& packet : packets)
    truths.push_back(truth_of(packet.truth, seen[static_cast<size_t>(packet.truth.direction)]));
  return truths;
}

bool Confusion::is_right(Truth truth, Cause cause) {
  switch (truth) {
    case Truth::Forward:
    case Truth::ForwardAgain:
      return !is_retransmission(cause) && cause != Cause::Reordered &&
             cause != Cause::NetworkDuplicate;
    case Truth::Retransmission:
      return is_retransmission(cause);
    case Truth::Reordered:
    case Truth::AckReordered:
      return cause == Cause::Reordered;
    case Truth::NetworkDuplicate:
    case Truth::AckDuplicate:
      return cause == Cause::NetworkDuplicate;
    case Truth::Either:
      return cause == Cause::Reordered || is_retransmission(cause);
  }
  return false;
}

void Confusion::add(const Confusion& other) {
  for (const auto& [key, count] : other.counts_) counts_[key] += count;
}

uint64_t Confusion::count(Truth truth) const {
  uint64_t all = 0;
  for (const auto& [key, count] : counts_)
    if (key.first == truth) all += count;
  return all;
}

double Confusion::right(Truth truth) const {
  uint64_t right = 0;
  for (const auto& [key, count] : counts_)
    if (key.first == truth && is_right(truth, key.second)) right += count;
  const uint64_t all = count(truth);
  return all == 0 ? 1 : static_cast<double>(right) / static_cast<double>(all);
}

std::string Confusion::text() const {
  std::ostringstream text;
  for (const auto& [key, count] : counts_)
    text << to_string(key.first) << " called " << wireseam::to_string(key.second) << ": " << count
         << (is_right(key.first, key.second) ? "\n" : "  (wrong)\n");
  return text.str();
}

}  // namespace wireseam::test
