// SPDX-License-Identifier: Apache-2.0
#include "inspector/join/newest_bytes.h"

#include <algorithm>
#include <bitset>
#include <cstring>

namespace wireseam {
namespace {

constexpr size_t kKept = size_t{64} << 10;
constexpr size_t kDistinctBytes = 16;
constexpr size_t kDistinctValues = 6;

}  // namespace

void NewestBytes::add(uint64_t offset, std::span<const std::byte> bytes) {
  if (offset != end()) {
    bytes_.clear();
    begin_ = offset;
  }
  if (bytes.size() > kKept) {
    begin_ = offset + (bytes.size() - kKept);
    bytes_.clear();
    bytes = bytes.last(kKept);
  }
  if (bytes_.size() + bytes.size() > 2 * kKept) {
    const size_t dropped = bytes_.size() + bytes.size() - kKept;
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(dropped));
    begin_ += dropped;
  }
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

Likeness NewestBytes::compare(uint64_t offset, std::span<const std::byte> bytes) const {
  const uint64_t first = std::max(offset, begin_);
  const uint64_t last = std::min(offset + bytes.size(), end());
  if (first >= last) return Likeness::NotKnown;
  const bool same = std::memcmp(bytes_.data() + (first - begin_), bytes.data() + (first - offset),
                                last - first) == 0;
  return same ? Likeness::Equal : Likeness::Different;
}

std::optional<uint64_t> NewestBytes::find_only(std::span<const std::byte> wanted,
                                               uint64_t from) const {
  if (from < begin_ || from >= end()) return std::nullopt;
  const std::byte* at = bytes_.data() + (from - begin_);
  const std::byte* last = bytes_.data() + bytes_.size();
  const auto next = [&](const std::byte* begin) {
    return static_cast<const std::byte*>(
        memmem(begin, static_cast<size_t>(last - begin), wanted.data(), wanted.size()));
  };
  const std::byte* found = next(at);
  if (found == nullptr || next(found + 1) != nullptr) return std::nullopt;
  return begin_ + static_cast<uint64_t>(found - bytes_.data());
}

bool are_distinct(std::span<const std::byte> bytes) {
  std::bitset<256> values;
  for (const std::byte each : bytes) values.set(std::to_integer<size_t>(each));
  return bytes.size() >= kDistinctBytes && values.count() >= kDistinctValues;
}

}  // namespace wireseam
