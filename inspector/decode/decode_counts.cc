// SPDX-License-Identifier: Apache-2.0
#include "inspector/decode/decode_counts.h"

#include <algorithm>
#include <numeric>

namespace wireseam {
namespace {

std::string text_of(std::string_view reason, uint32_t number) {
  std::string text(reason);
  if (number == 0) return text;
  if (reason != "EtherType") return text + " " + std::to_string(number);
  constexpr std::string_view kDigits = "0123456789abcdef";
  text += " 0x";
  for (const unsigned shift : {12u, 8u, 4u, 0u}) text += kDigits[number >> shift & 0xf];
  return text;
}

}  // namespace

std::string reason_text(const Packet& packet) {
  return text_of(packet.reason, packet.reason_number);
}

void DecodeCounts::add_reason(const Packet& packet) {
  ++reasons_[{packet.verdict, packet.reason, packet.reason_number}];
}

void DecodeCounts::told_of_another(const Packet& packet) {
  const auto known = reasons_.find({packet.verdict, packet.reason, packet.reason_number});
  if (known != reasons_.end() && --known->second == 0) reasons_.erase(known);
}

uint64_t DecodeCounts::packets() const {
  return std::accumulate(verdicts_.begin(), verdicts_.end(), uint64_t{0});
}

std::vector<DecodeCount> DecodeCounts::by_reason() const {
  std::vector<DecodeCount> counts;
  for (const auto& [key, packets] : reasons_)
    counts.push_back({key.verdict, text_of(key.reason, key.number), packets});
  std::ranges::stable_sort(counts, std::ranges::greater{}, &DecodeCount::packets);
  return counts;
}

}  // namespace wireseam
