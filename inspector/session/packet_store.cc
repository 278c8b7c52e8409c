// SPDX-License-Identifier: Apache-2.0
#include "inspector/session/packet_store.h"

#include <algorithm>

namespace wireseam {
namespace {

constexpr size_t kBlockBytes = size_t{256} << 10;
constexpr size_t kBlockEntries = 4096;

}  // namespace

RawPacket PacketStore::raw(const Block& block, const Entry& entry) {
  return {.number = entry.number,
          .time_ns = entry.time_ns,
          .wire_length = entry.wire_length,
          .link_type = entry.link_type,
          .bytes = std::span(block.bytes).subspan(entry.offset, entry.size)};
}

PacketStore::Block& PacketStore::block_for(const RawPacket& raw) {
  if (!blocks_.empty()) {
    Block& newest = blocks_.back();
    if (newest.bytes.size() + raw.bytes.size() <= newest.bytes.capacity() &&
        newest.entries.size() < kBlockEntries)
      return newest;
  }
  Block& block = blocks_.emplace_back();
  block.first_index = count_;
  block.bytes.reserve(std::max(kBlockBytes, raw.bytes.size()));
  block.entries.reserve(kBlockEntries);
  memory_ += block.bytes.capacity() + kBlockEntries * sizeof(Entry);
  return block;
}

void PacketStore::add(const RawPacket& raw) {
  Block& block = block_for(raw);
  block.entries.push_back({raw.number, raw.time_ns, raw.wire_length,
                           static_cast<uint32_t>(raw.bytes.size()),
                           static_cast<uint32_t>(block.bytes.size()), raw.link_type});
  block.bytes.insert(block.bytes.end(), raw.bytes.begin(), raw.bytes.end());
  last_number_ = raw.number;
  ++count_;
}

std::optional<RawPacket> PacketStore::find(uint64_t number) const {
  const auto behind = std::ranges::upper_bound(
      blocks_, number, {}, [](const Block& block) { return block.entries.front().number; });
  if (behind == blocks_.begin()) return std::nullopt;
  const Block& block = *std::prev(behind);
  const auto entry = std::ranges::lower_bound(block.entries, number, {}, &Entry::number);
  if (entry == block.entries.end() || entry->number != number) return std::nullopt;
  return raw(block, *entry);
}

std::optional<RawPacket> PacketStore::at(uint64_t index) const {
  if (index < begin() || index >= end()) return std::nullopt;
  const auto behind = std::ranges::upper_bound(blocks_, index, {}, &Block::first_index);
  const Block& block = *std::prev(behind);
  return raw(block, block.entries[index - block.first_index]);
}

uint64_t PacketStore::oldest() const {
  return blocks_.empty() ? last_number_ + 1 : blocks_.front().entries.front().number;
}

void PacketStore::drop_oldest_block() {
  const Block& oldest = blocks_.front();
  memory_ -= oldest.bytes.capacity() + kBlockEntries * sizeof(Entry);
  blocks_.pop_front();
}

}  // namespace wireseam
