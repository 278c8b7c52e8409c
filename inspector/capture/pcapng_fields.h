// SPDX-License-Identifier: Apache-2.0
// The bytes of a pcapng block as numbers in the byte order of its section: the only way in which
// they are looked at. Never reads past the end: what is not there reads as zero, so whoever must
// know asks size() first.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace wireseam {

class PcapngFields {
 public:
  PcapngFields() = default;
  PcapngFields(std::span<const std::byte> bytes, std::endian order)
      : bytes_(bytes), swapped_(order != std::endian::native) {}

  size_t size() const { return bytes_.size(); }
  std::span<const std::byte> bytes() const { return bytes_; }

  uint8_t u8(size_t at) const { return load<uint8_t>(at); }
  uint16_t u16(size_t at) const {
    const auto value = load<uint16_t>(at);
    return swapped_ ? __builtin_bswap16(value) : value;
  }
  uint32_t u32(size_t at) const {
    const auto value = load<uint32_t>(at);
    return swapped_ ? __builtin_bswap32(value) : value;
  }
  uint64_t u64(size_t at) const {
    const auto value = load<uint64_t>(at);
    return swapped_ ? __builtin_bswap64(value) : value;
  }
  // A time has its upper half in front, whatever the byte order is.
  uint64_t ticks(size_t at) const { return uint64_t{u32(at)} << 32 | u32(at + 4); }

  PcapngFields first(size_t count) const {
    PcapngFields part = *this;
    part.bytes_ = bytes_.first(std::min(count, size()));
    return part;
  }
  PcapngFields from(size_t at) const {
    PcapngFields part = *this;
    part.bytes_ = bytes_.subspan(std::min(at, size()));
    return part;
  }

 private:
  template <typename T>
  T load(size_t at) const {
    T value{};
    if (sizeof(T) <= size() && at <= size() - sizeof(T))
      std::memcpy(&value, bytes_.data() + at, sizeof(T));
    return value;
  }

  std::span<const std::byte> bytes_;
  bool swapped_ = false;
};

}  // namespace wireseam
