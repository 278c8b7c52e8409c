// SPDX-License-Identifier: Apache-2.0
#include "inspector/decode/packet_copies.h"

#include <algorithm>
#include <array>
#include <functional>
#include <span>
#include <string_view>

namespace wireseam {
namespace {

// Files are nearly in the order of time: CPUs write to the ring side by side.
constexpr size_t kRemembered = 4096;
constexpr uint32_t kCookedV2 = 276;

size_t link_header_size(uint32_t link_type) {
  switch (link_type) {
    case 1:  // Ethernet
      return 14;
    case 113:  // Linux cooked, as on "any"
      return 16;
    case kCookedV2:
      return 20;
    default:
      return 0;
  }
}

// The bytes of an IP header that change on the way: the time to live, and the checksum for it.
std::span<const size_t> changing_bytes(unsigned version) {
  static constexpr std::array<size_t, 3> kV4{8, 10, 11};
  static constexpr std::array<size_t, 1> kV6{7};
  if (version == 4) return kV4;
  return version == 6 ? std::span<const size_t>(kV6) : std::span<const size_t>();
}

size_t hash_of(const RawPacket& packet) {
  const size_t header = link_header_size(packet.link_type);
  const auto rest = packet.bytes.subspan(packet.bytes.size() > header ? header : 0);
  const std::string_view text{reinterpret_cast<const char*>(rest.data()), rest.size()};
  size_t hash = 0;
  size_t at = 0;
  const auto add = [&](size_t end) {
    const auto piece = text.substr(at, end - at);
    hash = hash * 31 + std::hash<std::string_view>()(piece);
    at = end + 1;
  };
  const unsigned version = rest.empty() ? 0 : static_cast<unsigned>(rest[0]) >> 4;
  for (const size_t left_out : changing_bytes(version))
    if (left_out < text.size()) add(left_out);
  if (at < text.size()) add(text.size());
  return hash;
}

bool is_near(uint64_t one_ns, uint64_t other_ns, uint64_t within_ns) {
  return std::max(one_ns, other_ns) - std::min(one_ns, other_ns) <= within_ns;
}

}  // namespace

// Its header has the interface behind a protocol and two bytes that are reserved.
std::optional<uint32_t> interface_of(const RawPacket& packet) {
  if (packet.link_type != kCookedV2 || packet.bytes.size() < 8) return std::nullopt;
  uint32_t interface = 0;
  for (const std::byte byte : packet.bytes.subspan(4, 4))
    interface = interface << 8 | static_cast<uint32_t>(byte);
  return interface;
}

bool PacketCopies::is_new(const RawPacket& packet, size_t source) {
  const size_t hash = hash_of(packet);
  for (auto [same, end] = seen_.equal_range(hash); same != end; ++same)
    if (Seen& seen = same->second; is_near(seen.time_ns, packet.time_ns, within_ns_))
      if (seen.sources.insert(source).second) return false;
  if (latest_.size() == kRemembered) {
    seen_.erase(latest_.front());
    latest_.pop_front();
  }
  latest_.push_back(seen_.emplace(hash, Seen{packet.time_ns, {source}}));
  return true;
}

}  // namespace wireseam
