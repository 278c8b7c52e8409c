// SPDX-License-Identifier: Apache-2.0
// The bytes of a packet as its headers' fields: the only way in which decoders look at them. Never
// reads past the end: what is not there reads as zero, so whoever must know asks size() first.
#pragma once

#include <endian.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace wireseam {

class Fields {
 public:
  Fields() = default;
  explicit Fields(std::span<const std::byte> bytes) : bytes_(bytes) {}

  size_t size() const { return bytes_.size(); }
  std::span<const std::byte> bytes() const { return bytes_; }

  // Big-endian, `at` bytes from the beginning.
  uint8_t u8(size_t at) const { return load<uint8_t>(at); }
  uint16_t u16(size_t at) const { return be16toh(load<uint16_t>(at)); }
  uint32_t u32(size_t at) const { return be32toh(load<uint32_t>(at)); }

  // As the bytes are.
  template <typename T>
  T load(size_t at) const {
    T value{};
    if (sizeof(T) <= size() && at <= size() - sizeof(T))
      std::memcpy(&value, bytes_.data() + at, sizeof(T));
    return value;
  }

  Fields first(size_t count) const { return Fields(bytes_.first(std::min(count, size()))); }
  Fields from(size_t at) const { return Fields(bytes_.subspan(std::min(at, size()))); }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace wireseam
