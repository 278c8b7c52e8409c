// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/assembler.h"

#include <cstring>

#include "tracer/trace/bytes.h"

namespace wireseam {
namespace {

// Of one call.
constexpr size_t kMaxAssembled = 64u << 20;

}  // namespace

// The pieces of a blob follow each other: one with offset 0 begins a new one, the others lengthen
// the last.
void BlobAssembler::add(std::span<const std::byte> record) {
  const auto place = read_at<uint32_t>(record, offsetof(MoreBytesRecord, call));
  const auto offset = read_at<uint64_t>(record, offsetof(MoreBytesRecord, offset));
  auto blob = read_at<BlobHeader>(record, offsetof(MoreBytesRecord, blob));
  if (!place || !offset || !blob) return;
  const auto bytes = record.subspan(sizeof(MoreBytesRecord));
  if (blob->stored > bytes.size()) return;
  Call& call = calls_[*place];
  if (call.bytes.size() + bytes.size() > kMaxAssembled) return;
  if (*offset == 0) {
    call.bytes.resize(padded(call.bytes.size()));
    call.last_header = call.bytes.size();
    call.bytes.resize(call.bytes.size() + sizeof(BlobHeader));
    call.stored = 0;
  }
  if (call.bytes.empty() || *offset != call.stored) return;
  const auto stored = bytes.first(blob->stored);
  call.bytes.insert(call.bytes.end(), stored.begin(), stored.end());
  call.stored += blob->stored;
  blob->stored = static_cast<uint32_t>(call.stored);
  std::memcpy(call.bytes.data() + call.last_header, &*blob, sizeof *blob);
}

std::vector<std::byte> BlobAssembler::take(uint32_t place) {
  const auto call = calls_.find(place);
  if (call == calls_.end()) return {};
  std::vector<std::byte> bytes = std::move(call->second.bytes);
  calls_.erase(call);
  bytes.resize(padded(bytes.size()));
  return bytes;
}

}  // namespace wireseam
