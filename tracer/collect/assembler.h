// SPDX-License-Identifier: Apache-2.0
// Puts blobs together again that came in pieces (MoreBytesRecord).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "tracer/trace/format.h"

namespace wireseam {

class BlobAssembler {
 public:
  // A MoreBytesRecord. `order` rises in the order in which its thread wrote them; they may come in
  // any other, since the chunks where they lie are not read in that order. What exceeds the bounds
  // is left out; the blob's total still counts it.
  void add(uint64_t order, std::span<const std::byte> record);

  // The blobs of the call whose record lies at this place, as they stand behind a call; the call is
  // forgotten.
  std::vector<std::byte> take(uint32_t place);

  // Forgets the calls whose places lie from `begin` on and before `end`: they will never be done.
  void forget(uint32_t begin, uint32_t end);

 private:
  struct Piece {
    uint64_t order;
    uint64_t offset;
    BlobHeader blob;
    std::vector<std::byte> bytes;
  };
  struct Call {
    std::vector<Piece> pieces;
    size_t size = 0;
  };

  std::map<uint32_t, Call> calls_;
  size_t size_ = 0;  // of all
};

}  // namespace wireseam
