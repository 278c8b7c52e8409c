// SPDX-License-Identifier: Apache-2.0
// How many packets could be decoded how far, and what the others were: for the summary.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "inspector/decode/packet.h"

namespace wireseam {

struct DecodeCount {
  DecodeVerdict verdict = DecodeVerdict::Other;
  std::string reason;  // as reason_text has it
  uint64_t packets = 0;

  auto operator<=>(const DecodeCount&) const = default;
};

// "ARP", "EtherType 0x88b5", "IP protocol 253"; empty for a whole packet without a flaw.
std::string reason_text(const Packet& packet);

class DecodeCounts {
 public:
  void add(const Packet& packet) {
    ++verdicts_[static_cast<size_t>(packet.verdict)];
    if (*packet.reason != '\0') add_reason(packet);
  }

  // One that was added told of another packet after all.
  void told_of_another(const Packet& packet);

  uint64_t packets() const;
  uint64_t packets(DecodeVerdict verdict) const { return verdicts_[static_cast<size_t>(verdict)]; }

  // The most frequent first.
  std::vector<DecodeCount> by_reason() const;

 private:
  struct Key {
    DecodeVerdict verdict;
    std::string_view reason;  // a literal
    uint32_t number;

    auto operator<=>(const Key&) const = default;
  };

  void add_reason(const Packet& packet);

  std::array<uint64_t, 5> verdicts_{};
  // Bounded by the kinds that there are: 65,536 EtherTypes, 256 protocols, a capture's link types.
  std::map<Key, uint64_t> reasons_;
};

}  // namespace wireseam
