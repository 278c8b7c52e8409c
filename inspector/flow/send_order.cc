// SPDX-License-Identifier: Apache-2.0
#include "inspector/flow/send_order.h"

#include <algorithm>

#include "inspector/flow/sequence.h"

namespace wireseam {
namespace {

constexpr int kMostTrust = 16;
constexpr int kDistrust = 3;  // what one contradiction costs
constexpr int kMostLostBetween = 4096;
constexpr size_t kMostFingerprints = 128;
constexpr uint64_t kMicrosecondNs = 1000;

// Retransmissions differ in the clock or in the acknowledgement, at the least.
uint64_t fingerprint(const Packet& packet) {
  const TcpHeader& tcp = packet.tcp;
  uint64_t hash = (uint64_t{tcp.seq} << 32) | tcp.ack;
  const auto mix = [&hash](uint64_t value) {
    hash = (hash ^ value) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 29;
  };
  mix((uint64_t{tcp.options.ts_value} << 32) | tcp.options.ts_echo);
  mix((uint64_t{packet.payload_length} << 32) | (uint64_t{tcp.window} << 16) | tcp.flags);
  for (size_t i = 0; i < tcp.options.sack_count; ++i)
    mix((uint64_t{tcp.options.sacks[i].begin} << 32) | tcp.options.sacks[i].end);
  return hash;
}

}  // namespace

uint64_t& IdWindow::word_of(uint16_t id) {
  return wide_ ? (*wide_)[id / 64 % kWideWords] : narrow_;
}

bool IdWindow::seen(uint16_t id) { return (word_of(id) >> (id % 64) & 1) != 0; }

void IdWindow::set(uint16_t id) { word_of(id) |= uint64_t{1} << (id % 64); }

void IdWindow::widen() {
  auto wide = std::make_unique<std::array<uint64_t, kWideWords>>();
  for (uint16_t back = 0; back < 64; ++back) {
    const auto id = static_cast<uint16_t>(newest_ - back);
    if (seen(id)) (*wide)[id / 64 % kWideWords] |= uint64_t{1} << (id % 64);
  }
  wide_ = std::move(wide);
}

// What comes into the window has not been seen.
void IdWindow::advance(uint16_t id) {
  const size_t distance = static_cast<uint16_t>(id - newest_);
  for (size_t back = 1; back < std::min(distance, size()); ++back) {
    const auto passed = static_cast<uint16_t>(id - back);
    word_of(passed) &= ~(uint64_t{1} << (passed % 64));
  }
  newest_ = id;
  set(id);
}

Order IdWindow::place(uint16_t id) {
  const bool first = placed_ == 0;
  if (placed_ <= 64 && ++placed_ > 64) widen();
  const auto distance = static_cast<int16_t>(id - newest_);
  if (first || distance > 0) {
    advance(id);
    return Order::Newer;
  }
  if (static_cast<size_t>(-distance) >= size()) return Order::Older;
  if (seen(id)) return Order::Same;
  set(id);
  return Order::Older;
}

bool IdWindow::follows(uint16_t id) const {
  const auto distance = static_cast<int16_t>(id - newest_);
  return placed_ > 0 && distance > 0 && distance <= kMostLostBetween;
}

Order SendOrder::place(const Packet& packet, bool in_sequence) {
  copy_age_us_ = kNoCopyUs;
  const bool newest = advances(packet) || (in_sequence && packet.payload_length > 0);
  const Order by_id_first = packet.has_ip_id ? by_id(packet, newest) : Order::Unknown;
  if (by_id_first != Order::Unknown && trust_in_ids_ > 0) return by_id_first;
  // By chance alone IDs are hardly ever the same.
  if (by_id_first == Order::Same && trust_in_ids_ == 0) return Order::Same;
  const bool known_by_id = by_id_first != Order::Unknown && trust_in_ids_ == 0;
  return by_clock(packet, in_sequence, known_by_id);
}

// What acknowledges more than all before it, or anything at last, was sent after them.
bool SendOrder::advances(const Packet& packet) {
  if (!packet.tcp.has(kAck)) return false;
  const bool more = !ack_known_ || sequence_before(newest_ack_, packet.tcp.ack);
  if (more) newest_ack_ = packet.tcp.ack;
  ack_known_ = true;
  return more;
}

// An ID of zero is what a listening socket and a closed one send, besides stacks that have no IDs.
Order SendOrder::by_id(const Packet& packet, bool newest) {
  const bool in_line = !packet.tcp.has(kRst) && !(packet.tcp.has(kSyn) && packet.tcp.has(kAck));
  if (!in_line) return Order::Unknown;
  const bool follows = packet.ip_id != 0 && ids_.follows(packet.ip_id);
  if (follows || (newest && ids_.begun())) {
    const int trust = trust_in_ids_ + (follows ? 1 : -kDistrust);
    trust_in_ids_ = static_cast<int8_t>(std::clamp<int>(trust, -kMostTrust, kMostTrust));
  }
  return packet.ip_id != 0 ? ids_.place(packet.ip_id) : Order::Unknown;
}

Order SendOrder::by_clock(const Packet& packet, bool in_sequence, bool known_by_id) {
  const bool alike = seen_alike(packet, in_sequence, known_by_id);
  const bool acks_less = packet.tcp.has(kAck) && !packet.tcp.has(kSyn | kRst) &&
                         sequence_before(packet.tcp.ack, newest_ack_);
  const Order order = acks_less ? Order::Older : by_ticks(packet);
  if (!alike) return order;
  // An ACK that says nothing new may be sent twice alike within a tick.
  const bool acks_only = packet.payload_length == 0 && !packet.tcp.has(kSyn | kFin);
  if (order == Order::Older) return Order::Same;
  return acks_only || !packet.tcp.options.has_timestamps ? order : Order::Same;
}

Order SendOrder::by_ticks(const Packet& packet) {
  const TcpOptions& options = packet.tcp.options;
  if (!options.has_timestamps) return Order::Unknown;
  const auto distance = static_cast<int32_t>(options.ts_value - newest_clock_);
  if (!clock_known_ || distance > 0) {
    clock_known_ = true;
    newest_clock_ = options.ts_value;
    tick_ns_ = packet.time_ns;
    return Order::Newer;
  }
  return distance < 0 ? Order::Older : Order::Together;
}

bool SendOrder::seen_alike(const Packet& packet, bool in_sequence, bool known_by_id) {
  const Fingerprints::Fingerprint own{static_cast<uint32_t>(fingerprint(packet)) | 1,
                                      static_cast<uint32_t>(packet.time_ns / kMicrosecondNs)};
  if (!in_sequence) {
    if (const auto* found = fingerprints_.find(own.value)) {
      copy_age_us_ = own.time_us - found->time_us;
      return true;
    }
  }
  if (!known_by_id) fingerprints_.add(own);
  return false;
}

const Fingerprints::Fingerprint* Fingerprints::find(uint32_t value) const {
  if (first_.value == value) return &first_;
  if (!others_) return nullptr;
  const auto found = std::ranges::find(others_->seen, value, &Fingerprint::value);
  return found != others_->seen.end() ? &*found : nullptr;
}

void Fingerprints::add(const Fingerprint& fingerprint) {
  if (first_.value == 0) {
    first_ = fingerprint;
    return;
  }
  if (!others_) others_ = std::make_unique<Others>();
  auto& [seen, next] = *others_;
  if (seen.size() < kMostFingerprints)
    seen.push_back(fingerprint);
  else
    seen[next++ % kMostFingerprints] = fingerprint;
}

}  // namespace wireseam
