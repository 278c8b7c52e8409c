// SPDX-License-Identifier: Apache-2.0
// Builds pcapng files block by block, right and wrong ones.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/unit/capture/capture_bytes.h"

namespace wireseam::test {

struct PcapngOptionBytes {
  uint16_t code = 0;
  std::string value;
};

struct PcapngInterfaceFields {
  uint16_t link_type = 1;
  uint32_t snapshot_length = 262144;
  std::vector<PcapngOptionBytes> options{};
};

struct PcapngPacketFields {
  uint32_t interface = 0;
  uint64_t ticks = 0;
  std::string bytes{};
  std::optional<uint32_t> wire_length{};
  std::optional<uint32_t> captured{};  // instead of the bytes that there are
};

class PcapngBuilder {
 public:
  explicit PcapngBuilder(std::endian order = std::endian::little) : order_(order) {}

  std::string u16(uint16_t value) const {
    const std::string bytes = u32(value);
    return order_ == std::endian::little ? bytes.substr(0, 2) : bytes.substr(2);
  }
  std::string u32(uint32_t value) const { return test::u32(value, order_); }
  std::string u64(uint64_t value) const {
    const std::string low = u32(static_cast<uint32_t>(value));
    const std::string high = u32(static_cast<uint32_t>(value >> 32));
    return order_ == std::endian::little ? low + high : high + low;
  }
  // The upper half first in either byte order.
  std::string ticks(uint64_t value) const {
    return u32(static_cast<uint32_t>(value >> 32)) + u32(static_cast<uint32_t>(value));
  }

  PcapngBuilder& raw(const std::string& bytes) {
    bytes_ += bytes;
    return *this;
  }
  PcapngBuilder& block(uint32_t type, const std::string& body) {
    const std::string padded = padded_to_4(body);
    const std::string size = u32(static_cast<uint32_t>(padded.size() + 12));
    return raw(u32(type) + size + padded + size);
  }
  PcapngBuilder& section(uint16_t major = 1, uint16_t minor = 0, uint64_t length = UINT64_MAX) {
    return block(0x0a0d0d0a, u32(0x1a2b3c4d) + u16(major) + u16(minor) + u64(length));
  }
  PcapngBuilder& interface(const PcapngInterfaceFields& fields = {}) {
    return block(
        1, u16(fields.link_type) + u16(0) + u32(fields.snapshot_length) + options(fields.options));
  }
  PcapngBuilder& enhanced(const PcapngPacketFields& fields, const std::string& options = "") {
    return block(6, u32(fields.interface) + timed(fields) + options);
  }
  PcapngBuilder& old(const PcapngPacketFields& fields, uint16_t drops = 0) {
    return block(2, u16(static_cast<uint16_t>(fields.interface)) + u16(drops) + timed(fields));
  }
  PcapngBuilder& simple(const std::string& bytes, uint32_t wire_length) {
    return block(3, u32(wire_length) + bytes);
  }
  PcapngBuilder& statistics(uint32_t interface, const std::vector<PcapngOptionBytes>& all) {
    return block(5, u32(interface) + ticks(0) + options(all));
  }

  std::string options(const std::vector<PcapngOptionBytes>& all) const {
    std::string bytes;
    for (const PcapngOptionBytes& option : all)
      bytes += u16(option.code) + u16(static_cast<uint16_t>(option.value.size())) +
               padded_to_4(option.value);
    return all.empty() ? bytes : bytes + u32(0);
  }

  const std::string& bytes() const { return bytes_; }
  size_t size() const { return bytes_.size(); }

 private:
  static std::string padded_to_4(std::string bytes) {
    bytes.resize((bytes.size() + 3) / 4 * 4);
    return bytes;
  }
  std::string timed(const PcapngPacketFields& fields) const {
    const auto size = static_cast<uint32_t>(fields.bytes.size());
    return ticks(fields.ticks) + u32(fields.captured.value_or(size)) +
           u32(fields.wire_length.value_or(size)) + padded_to_4(fields.bytes);
  }

  std::endian order_;
  std::string bytes_;
};

// Begins a section with one interface of Ethernet and microseconds.
inline PcapngBuilder pcapng(std::endian order = std::endian::little) {
  PcapngBuilder builder(order);
  builder.section().interface();
  return builder;
}

}  // namespace wireseam::test
