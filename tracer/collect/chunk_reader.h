// SPDX-License-Identifier: Apache-2.0
// Reads the records of one chunk while its thread goes on writing. Trusts neither sizes nor order:
// the thread may be anywhere, and what it writes may be broken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tracer/trace/format.h"

namespace wireseam {

class ChunkReader {
 public:
  // A record: where it begins in the chunk, and its bytes. An Open one may still change.
  struct Found {
    uint32_t offset;
    uint32_t head;
    std::span<const std::byte> bytes;
  };

  // The chunk must stay mapped as long as the reader.
  explicit ChunkReader(const std::byte* chunk) : chunk_(chunk) {}

  // Appends what has been completed since the last time, in the order of the chunk; a call that was
  // open before comes when it is done. Each Done record is found once.
  void find_done(std::vector<Found>& found);

  // The calls that have been entered and have not returned.
  void find_open(std::vector<Found>& found) const;

  // Whether its thread will write no more into it: nothing is open, and the end was reached.
  bool exhausted() const { return open_.empty() && ended_; }

 private:
  uint32_t load_head(uint32_t offset) const;
  uint32_t settled_head(uint32_t offset) const;
  Found found_at(uint32_t offset, uint32_t head) const;
  void recheck_open(std::vector<Found>& found);

  const std::byte* chunk_;
  uint32_t offset_ = sizeof(ChunkHeader);  // of the first record that has not been passed
  std::vector<uint32_t> open_;             // passed, but not done yet
  bool ended_ = false;
};

}  // namespace wireseam
