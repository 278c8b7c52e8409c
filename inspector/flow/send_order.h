// SPDX-License-Identifier: Apache-2.0
// In which order the packets of one sender left it, which is not always the order in which they
// were captured. Two things tell: the IP ID, which most stacks count up per connection, also for
// what they send again; and the clock in the timestamps option (RFC 7323), where there are no such
// IDs (IPv6, or a stack that has them random or zero). Both are watched before they are trusted.
// Besides, nobody takes an acknowledgement back.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "inspector/decode/packet.h"

namespace wireseam {

enum class Order : uint8_t {
  Newer,     // sent after all that were seen
  Same,      // the very packet that was seen before
  Older,     // sent before one that was seen
  Together,  // within the same tick of its sender's clock as the newest that was seen
  Unknown,   // neither tells
};

// Which of the last IDs were seen: 64 of them at first, 1,024 of a sender that goes on.
class IdWindow {
 public:
  Order place(uint16_t id);
  bool begun() const { return placed_ > 0; }
  // Whether `id` follows on the newest as one does that is counted up, with some lost between.
  bool follows(uint16_t id) const;

 private:
  static constexpr size_t kWideWords = 16;

  uint64_t& word_of(uint16_t id);
  size_t size() const { return wide_ ? kWideWords * 64 : 64; }
  bool seen(uint16_t id);
  void set(uint16_t id);
  void advance(uint16_t id);
  void widen();

  std::unique_ptr<std::array<uint64_t, kWideWords>> wide_;
  uint64_t narrow_ = 0;
  uint16_t newest_ = 0;
  uint16_t placed_ = 0;  // how many; no more are counted than make it wide
};

// What tells a packet from those like it, for the last few: found again, it is the same packet, or
// one sent again where it has no timestamps.
class Fingerprints {
 public:
  struct Fingerprint {
    uint32_t value = 0;
    uint32_t time_us = 0;  // wraps in an hour
  };

  // Null: there is none like it.
  const Fingerprint* find(uint32_t value) const;
  void add(const Fingerprint& fingerprint);

 private:
  struct Others {
    std::vector<Fingerprint> seen;  // a ring once there are many
    uint32_t next = 0;
  };

  Fingerprint first_;  // mostly the only one; 0: none so far
  std::unique_ptr<Others> others_;
};

class SendOrder {
 public:
  // Where this packet belongs; remembers it. `in_sequence`: its data follows directly on the
  // newest that was seen, so that it can't be older than that.
  Order place(const Packet& packet, bool in_sequence);

  // When the newest tick of its sender's clock was first seen.
  uint64_t tick_ns() const { return tick_ns_; }

  // How long before the packet placed last one was seen that is its like in all but a missing IP
  // ID.
  uint64_t copy_age_ns() const {
    return copy_age_us_ == kNoCopyUs ? kNoCopy : uint64_t{copy_age_us_} * 1000;
  }
  static constexpr uint64_t kNoCopy = UINT64_MAX;

 private:
  Order by_id(const Packet& packet, bool newest);
  bool advances(const Packet& packet);
  Order by_clock(const Packet& packet, bool in_sequence, bool known_by_id);
  Order by_ticks(const Packet& packet);
  bool seen_alike(const Packet& packet, bool in_sequence, bool known_by_id);

  static constexpr uint32_t kNoCopyUs = UINT32_MAX;

  IdWindow ids_;
  Fingerprints fingerprints_;  // only of what IDs don't tell
  uint64_t tick_ns_ = 0;
  uint32_t copy_age_us_ = kNoCopyUs;
  uint32_t newest_clock_ = 0;
  uint32_t newest_ack_ = 0;
  bool clock_known_ = false;
  bool ack_known_ = false;
  int8_t trust_in_ids_ = 0;
};

}  // namespace wireseam
