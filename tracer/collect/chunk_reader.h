// SPDX-License-Identifier: Apache-2.0
// Reads the records of one chunk while its thread goes on writing. Trusts neither sizes nor order:
// the thread may be anywhere, and what lies there may have been written by anybody. Each record is
// copied once, and what is handed out is the copy, which nobody changes any more.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "tracer/trace/format.h"

namespace wireseam {

class ChunkReader {
 public:
  // A record: where it begins in the chunk, and its bytes, which stay as long as the reader. Those
  // of an open one are copied again when it is done.
  struct Found {
    uint32_t offset;
    uint32_t head;
    std::span<const std::byte> bytes;
  };

  // A call that has been entered and has not returned.
  struct Open {
    uint32_t offset;
    uint32_t head;
  };

  // The chunk must stay mapped as long as the reader.
  explicit ChunkReader(const std::byte* chunk) : chunk_(chunk) {}

  // Appends what has been completed since the last time, in the order of the chunk; a call that was
  // open before comes when it is done. Each Done record is found once.
  void find_done(std::vector<Found>& found);

  void find_open(std::vector<Open>& found);

  // What it holds by now.
  Found copy(const Open& open) { return found_at(open.offset, open.head); }

  // Whether its thread will write no more into it: nothing is open, and the end was reached.
  bool exhausted() const { return open_.empty() && ended_; }

  // Whether nothing has been found yet.
  bool untouched() const { return offset_ == sizeof(ChunkHeader); }

  // Whether there is something that the shim does not write. It is not read beyond that.
  bool damaged() const { return damaged_; }

 private:
  using Bytes = std::array<std::byte, kChunkSize>;

  uint32_t load_head(uint32_t offset) const;
  uint32_t settled_head(uint32_t offset);
  Found found_at(uint32_t offset, uint32_t head);
  void recheck_open(std::vector<Found>& found);

  const std::byte* chunk_;
  std::unique_ptr<Bytes> copy_;
  uint32_t offset_ = sizeof(ChunkHeader);  // of the first record that has not been passed
  std::vector<Open> open_;                 // passed, but not done yet
  bool ended_ = false;
  bool damaged_ = false;
};

}  // namespace wireseam
