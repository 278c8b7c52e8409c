// SPDX-License-Identifier: Apache-2.0
// Builds a chunk as the shim writes it, for tests: records one behind the other.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "tracer/trace/format.h"

namespace wireseam::test {

class ChunkBuilder {
 public:
  const std::byte* bytes() const { return chunk_.data(); }

  // A call of this size and state; where it begins.
  uint32_t call(RecordState state, size_t size = sizeof(CallRecord)) {
    const uint32_t offset = offset_;
    set_head(offset, record_head(size, RecordKind::Call, state));
    offset_ += static_cast<uint32_t>(size);
    return offset;
  }

  void chunk_end() { set_head(offset_, record_head(8, RecordKind::ChunkEnd, RecordState::Done)); }

  void set_head(uint32_t offset, uint32_t head) {
    std::memcpy(chunk_.data() + offset, &head, sizeof head);
  }

  // Behind the last record.
  uint32_t offset() const { return offset_; }

 private:
  alignas(kChunkSize) std::array<std::byte, kChunkSize> chunk_{};
  uint32_t offset_ = sizeof(ChunkHeader);
};

}  // namespace wireseam::test
