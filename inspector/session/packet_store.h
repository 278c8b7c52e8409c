// SPDX-License-Identifier: Apache-2.0
// The captured bytes of the newest packets, a block at a time: the oldest block goes when room is
// needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "common/raw_packet.h"

namespace wireseam {

class PacketStore {
 public:
  // Packets come with rising numbers.
  void add(const RawPacket& raw);

  // The bytes are live until the next drop_oldest_block(). No value: it has fallen away, or was
  // never there.
  std::optional<RawPacket> find(uint64_t number) const;

  // Packets by their index in the store, which counts all that were ever added; see Kept.
  uint64_t begin() const { return blocks_.empty() ? count_ : blocks_.front().first_index; }
  uint64_t end() const { return count_; }
  std::optional<RawPacket> at(uint64_t index) const;

  // The number of the oldest packet that is there; that of the next one where there is none.
  uint64_t oldest() const;
  uint64_t newest() const { return last_number_; }
  size_t memory() const { return memory_; }
  size_t blocks() const { return blocks_.size(); }
  void drop_oldest_block();

 private:
  struct Entry {
    uint64_t number = 0;
    uint64_t time_ns = 0;
    uint32_t wire_length = 0;
    uint32_t size = 0;
    uint32_t offset = 0;
    uint32_t link_type = 0;
  };
  struct Block {
    uint64_t first_index = 0;
    std::vector<std::byte> bytes;
    std::vector<Entry> entries;
  };

  static RawPacket raw(const Block& block, const Entry& entry);
  Block& block_for(const RawPacket& raw);

  std::deque<Block> blocks_;
  uint64_t count_ = 0;
  uint64_t last_number_ = 0;
  size_t memory_ = 0;
};

}  // namespace wireseam
