// SPDX-License-Identifier: Apache-2.0
// Builds the bytes of capture files.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wireseam::test {

struct CapturedPacket {
  uint64_t time_ns = 0;
  std::string bytes;
  std::optional<uint32_t> wire_length{};
};

inline std::string u32(uint32_t value, std::endian order = std::endian::little) {
  std::string bytes;
  for (unsigned shift = 0; shift < 32; shift += 8)
    bytes += static_cast<char>(static_cast<uint8_t>(value >> shift));
  if (order == std::endian::big) std::ranges::reverse(bytes);
  return bytes;
}

struct PcapFormat {
  uint32_t link_type = 1;
  uint32_t ticks_per_second = 1'000'000;
  std::endian order = std::endian::little;
};

inline std::string pcap_file(const std::vector<CapturedPacket>& packets,
                             const PcapFormat& format = {}) {
  const auto number = [&](uint64_t value) {
    return u32(static_cast<uint32_t>(value), format.order);
  };
  const bool is_nano = format.ticks_per_second == 1'000'000'000;
  const bool is_big = format.order == std::endian::big;
  std::string file = number(is_nano ? 0xa1b23c4d : 0xa1b2c3d4) +
                     number(is_big ? 0x20004 : 0x40002) + number(0) + number(0) + number(262144) +
                     number(format.link_type);
  for (const CapturedPacket& packet : packets) {
    const uint64_t nanoseconds = packet.time_ns % 1'000'000'000;
    file += number(packet.time_ns / 1'000'000'000) +
            number(nanoseconds / (1'000'000'000 / format.ticks_per_second)) +
            number(packet.bytes.size()) +
            number(packet.wire_length.value_or(static_cast<uint32_t>(packet.bytes.size()))) +
            packet.bytes;
  }
  return file;
}

inline std::string pcapng_block(uint32_t type, std::string body) {
  body.resize((body.size() + 3) / 4 * 4);
  const auto size = static_cast<uint32_t>(body.size() + 12);
  return u32(type) + u32(size) + body + u32(size);
}

// Of one interface with nanoseconds.
inline std::string pcapng_file(const std::vector<CapturedPacket>& packets) {
  const std::string nanoseconds("\x09\0\x01\0\x09\0\0\0\0\0\0\0", 12);  // if_tsresol, end
  std::string file = pcapng_block(0x0a0d0d0a, u32(0x1a2b3c4d) + u32(1) + u32(~0u) + u32(~0u)) +
                     pcapng_block(1, u32(1) + u32(262144) + nanoseconds);
  for (const CapturedPacket& packet : packets) {
    const auto size = static_cast<uint32_t>(packet.bytes.size());
    file += pcapng_block(6, u32(0) + u32(static_cast<uint32_t>(packet.time_ns >> 32)) +
                                u32(static_cast<uint32_t>(packet.time_ns)) + u32(size) +
                                u32(packet.wire_length.value_or(size)) + packet.bytes);
  }
  return file;
}

}  // namespace wireseam::test
