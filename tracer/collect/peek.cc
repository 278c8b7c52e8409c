// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/peek.h"

#include <sys/uio.h>

#include <algorithm>
#include <cstring>

#include "tracer/trace/bytes.h"
#include "tracer/trace/call_info.h"
#include "tracer/trace/event.h"

namespace wireseam {
namespace {

// Empty where not all can be read.
std::vector<std::byte> read_memory(uint32_t pid, uint64_t address, size_t size) {
  std::vector<std::byte> bytes(size);
  const iovec local{bytes.data(), size};
  const iovec remote{reinterpret_cast<void*>(address), size};
  const ssize_t read = process_vm_readv(static_cast<pid_t>(pid), &local, 1, &remote, 1, 0);
  if (read != static_cast<ssize_t>(size)) bytes.clear();
  return bytes;
}

void append_blob(std::vector<std::byte>& blobs, size_t parameter, uint64_t total,
                 std::span<const std::byte> bytes) {
  const BlobHeader header{static_cast<uint8_t>(parameter), BlobPart::Value, 0,
                          static_cast<uint32_t>(bytes.size()), total};
  const auto head = std::as_bytes(std::span(&header, 1));
  blobs.insert(blobs.end(), head.begin(), head.end());
  blobs.insert(blobs.end(), bytes.begin(), bytes.end());
  blobs.resize(padded(blobs.size()));
}

}  // namespace

std::vector<std::byte> peek_arguments(uint32_t pid, std::span<const std::byte> call,
                                      uint32_t payload_limit) {
  std::vector<std::byte> blobs;
  const auto number = read_at<CallNumber>(call, offsetof(CallRecord, call));
  const CallInfo* info = find_call(number.value_or(CallNumber::none));
  if (info == nullptr) return blobs;
  const auto argument = [call](size_t i) {
    return read_at<uint64_t>(call, offsetof(CallRecord, arguments) + i * sizeof(uint64_t))
        .value_or(0);
  };
  const Blobs recorded(call.subspan(std::min(call.size(), sizeof(CallRecord))));
  for (size_t i = 0; i + 1 < info->parameter_count; ++i) {
    const ParameterKind kind = info->parameters()[i].kind;
    if (kind != ParameterKind::AddressIn && kind != ParameterKind::BytesIn) continue;
    if (argument(i) == 0 || recorded.find(i)) continue;
    const uint64_t total = argument(i + 1);
    const uint64_t limit = kind == ParameterKind::AddressIn ? kMaxSockaddr : payload_limit;
    const auto bytes = read_memory(pid, argument(i), std::min(total, limit));
    if (!bytes.empty()) append_blob(blobs, i, total, bytes);
  }
  return blobs;
}

}  // namespace wireseam
