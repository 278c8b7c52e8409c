// SPDX-License-Identifier: Apache-2.0
#include "inspector/recording/packet_copies.h"

#include <algorithm>
#include <functional>
#include <string_view>

namespace wireseam {
namespace {

// Files are nearly in the order of time: CPUs write to the ring side by side.
constexpr size_t kRemembered = 4096;
// Above the length of nearly all ways. What a kernel sends again is mostly another packet (its IP
// ID, its timestamps); and if it is the same to the byte, each copy of one part takes away one of
// another's, so that their number is right.
constexpr uint64_t kSameNs = 1'000'000'000;

size_t link_header_size(uint32_t link_type) {
  switch (link_type) {
    case 1:  // Ethernet
      return 14;
    case 113:  // Linux cooked, as on "any"
      return 16;
    case 276:  // its second version
      return 20;
    default:
      return 0;
  }
}

size_t hash_of(const RawPacket& packet) {
  const size_t header = link_header_size(packet.link_type);
  const auto rest = packet.bytes.subspan(packet.bytes.size() > header ? header : 0);
  return std::hash<std::string_view>()({reinterpret_cast<const char*>(rest.data()), rest.size()});
}

bool is_near(uint64_t one_ns, uint64_t other_ns) {
  return std::max(one_ns, other_ns) - std::min(one_ns, other_ns) <= kSameNs;
}

}  // namespace

bool PacketCopies::is_new(const RawPacket& packet, size_t source) {
  const size_t hash = hash_of(packet);
  for (auto [same, end] = seen_.equal_range(hash); same != end; ++same)
    if (Seen& seen = same->second; is_near(seen.time_ns, packet.time_ns))
      if (seen.sources.insert(source).second) return false;
  if (latest_.size() == kRemembered) {
    seen_.erase(latest_.front());
    latest_.pop_front();
  }
  latest_.push_back(seen_.emplace(hash, Seen{packet.time_ns, {source}}));
  return true;
}

}  // namespace wireseam
