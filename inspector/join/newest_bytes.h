// SPDX-License-Identifier: Apache-2.0
// The newest bytes of one direction, for the beginnings of calls' buffers to be held against. What
// has fallen away, or was never captured, is neither equal nor different.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace wireseam {

enum class Likeness : uint8_t { NotKnown, Equal, Different };

class NewestBytes {
 public:
  // Bytes that do not follow those before them begin anew.
  void add(uint64_t offset, std::span<const std::byte> bytes);

  // As far as they are there.
  Likeness compare(uint64_t offset, std::span<const std::byte> bytes) const;

  // Where the bytes are found, at `from` or behind; no value where they are not, are found twice,
  // or may have been there and have fallen away.
  std::optional<uint64_t> find_only(std::span<const std::byte> wanted, uint64_t from) const;

  uint64_t end() const { return begin_ + bytes_.size(); }

 private:
  uint64_t begin_ = 0;
  std::vector<std::byte> bytes_;
};

// Whether bytes like these are hardly found by chance: there are many, and of many values.
bool are_distinct(std::span<const std::byte> bytes);

}  // namespace wireseam
