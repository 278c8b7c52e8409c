// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/assembler.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "tracer/trace/bytes.h"

namespace wireseam {
namespace {

// Of one call, and of all that have not been taken.
constexpr size_t kMaxAssembled = size_t{64} << 20;
constexpr size_t kMaxHeld = size_t{256} << 20;

// Blobs as they stand behind a call.
class BlobBytes {
 public:
  // The pieces of a blob follow each other: one with offset 0 begins a new one, the others lengthen
  // the last.
  void append(uint64_t offset, BlobHeader blob, std::span<const std::byte> piece) {
    if (offset == 0) begin();
    if (bytes_.empty() || offset != stored_) return;
    bytes_.insert(bytes_.end(), piece.begin(), piece.end());
    stored_ += piece.size();
    blob.stored = static_cast<uint32_t>(stored_);
    std::memcpy(bytes_.data() + header_, &blob, sizeof blob);
  }

  std::vector<std::byte> finish() && {
    bytes_.resize(padded(bytes_.size()));
    return std::move(bytes_);
  }

 private:
  void begin() {
    header_ = padded(bytes_.size());
    bytes_.resize(header_ + sizeof(BlobHeader));
    stored_ = 0;
  }

  std::vector<std::byte> bytes_;
  size_t header_ = 0;    // where the last blob begins
  uint64_t stored_ = 0;  // bytes of it so far
};

}  // namespace

void BlobAssembler::add(uint64_t order, std::span<const std::byte> record) {
  const auto place = read_at<uint32_t>(record, offsetof(MoreBytesRecord, call));
  const auto offset = read_at<uint64_t>(record, offsetof(MoreBytesRecord, offset));
  const auto blob = read_at<BlobHeader>(record, offsetof(MoreBytesRecord, blob));
  if (!place || !offset || !blob) return;
  const auto bytes = record.subspan(sizeof(MoreBytesRecord));
  if (blob->stored > bytes.size()) return;
  const size_t size = sizeof(Piece) + blob->stored;
  if (size_ + size > kMaxHeld) return;
  Call& call = calls_[*place];
  if (call.size + size > kMaxAssembled) return;
  const auto stored = bytes.first(blob->stored);
  call.size += size;
  size_ += size;
  call.pieces.push_back({order, *offset, *blob, {stored.begin(), stored.end()}});
}

std::vector<std::byte> BlobAssembler::take(uint32_t place) {
  auto call = calls_.extract(place);
  if (!call) return {};
  size_ -= call.mapped().size;
  auto& pieces = call.mapped().pieces;
  std::ranges::sort(pieces, {}, &Piece::order);
  BlobBytes blobs;
  for (const Piece& piece : pieces) blobs.append(piece.offset, piece.blob, piece.bytes);
  return std::move(blobs).finish();
}

void BlobAssembler::forget(uint32_t begin, uint32_t end) {
  const auto first = calls_.lower_bound(begin);
  const auto last = calls_.lower_bound(end);
  for (auto call = first; call != last; ++call) size_ -= call->second.size;
  calls_.erase(first, last);
}

}  // namespace wireseam
