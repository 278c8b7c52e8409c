// SPDX-License-Identifier: Apache-2.0
// Reading blobs out of a record's bytes, which come from another process and may be anything.
#include "tracer/trace/event.h"

#include <algorithm>
#include <cstring>

namespace wireseam {

void Blobs::Iterator::read() {
  BlobHeader header;
  if (rest_.size() < sizeof header) {
    done_ = true;
    return;
  }
  std::memcpy(&header, rest_.data(), sizeof header);
  rest_ = rest_.subspan(sizeof header);
  const size_t stored = std::min<size_t>(header.stored, rest_.size());
  blob_ = {header.parameter, header.part, header.index, header.total, rest_.first(stored)};
  rest_ = rest_.subspan(std::min(padded(stored), rest_.size()));
}

std::optional<Blob> Blobs::find(size_t parameter, BlobPart part, size_t index) const {
  for (const Blob& blob : *this)
    if (blob.parameter == parameter && blob.part == part && blob.index == index) return blob;
  return std::nullopt;
}

}  // namespace wireseam
