// SPDX-License-Identifier: Apache-2.0
// Puts blobs together again that came in pieces (MoreBytesRecord).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "tracer/trace/format.h"

namespace wireseam {

class BlobAssembler {
 public:
  // A MoreBytesRecord. What exceeds the bound is left out; the blob's total still counts it.
  void add(std::span<const std::byte> record);

  // The blobs of the call whose record lies at this place, as they stand behind a call; the call is
  // forgotten.
  std::vector<std::byte> take(uint32_t place);

 private:
  struct Call {
    std::vector<std::byte> bytes;  // blobs, the last one perhaps not padded yet
    size_t last_header = 0;        // where the last blob begins
    uint64_t stored = 0;           // bytes of it so far
  };

  std::unordered_map<uint32_t, Call> calls_;
};

}  // namespace wireseam
