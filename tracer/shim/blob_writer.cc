// SPDX-License-Identifier: Apache-2.0
#include "tracer/shim/blob_writer.h"

#include <string.h>

#include <algorithm>

#include "tracer/shim/safe_copy.h"

namespace wireseam {

bool copy_from_program(void* target, const void* source, size_t size, Trust trust) {
  if (trust != Trust::Kernel) return safe_copy(target, source, size, trust);
  memcpy(target, source, size);
  return true;
}

BlobWriter::BlobWriter(OpenCall& call, const BlobHeader& blob)
    : call_(call), blob_(blob), in_place_(call.add_blob(blob)) {
  if (in_place_ == nullptr) call_.add_flag(kFlagMoreBytes);
}

void BlobWriter::write(const void* source, size_t size, Trust trust) {
  if (in_place_ != nullptr) {
    if (!copy_from_program(in_place_ + offset_, source, size, trust)) mark_unreadable(in_place_);
    offset_ += size;
    return;
  }
  constexpr size_t kLargestPiece = kLargestRecord - sizeof(MoreBytesRecord);
  const auto* from = static_cast<const std::byte*>(source);
  do {
    const size_t piece = std::min(size, kLargestPiece);
    if (!write_piece(from, piece, trust)) return;
    from += piece;
    size -= piece;
  } while (size > 0);
}

// False: what follows would be in vain.
bool BlobWriter::write_piece(const std::byte* source, size_t size, Trust trust) {
  const size_t record_bytes = sizeof(MoreBytesRecord) + padded(size);
  auto* record = reinterpret_cast<MoreBytesRecord*>(take(record_bytes));
  if (record == nullptr) {
    call_.add_flag(kFlagBlobsLost);
    return false;
  }
  record->call = call_.place();
  record->offset = offset_;
  record->blob = blob_;
  record->blob.stored = static_cast<uint32_t>(size);
  const bool copied = copy_from_program(record + 1, source, size, trust);
  if (!copied) record->blob.total = kUnreadable;
  record->head.store(record_head(record_bytes, RecordKind::MoreBytes, RecordState::Done),
                     std::memory_order_release);
  offset_ += size;
  return copied;
}

void mark_unreadable(void* place) { (static_cast<BlobHeader*>(place) - 1)->total = kUnreadable; }

void write_blob(OpenCall& call, const BlobHeader& blob, const void* source, Trust trust) {
  BlobWriter(call, blob).write(source, blob.stored, trust);
}

}  // namespace wireseam
