// SPDX-License-Identifier: Apache-2.0
// Fields of records that the collector has copied.
#pragma once

#include <sched.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "tracer/trace/bytes.h"
#include "tracer/trace/call_info.h"
#include "tracer/trace/format.h"

namespace wireseam {

// 0 where the record ends before it does.
template <typename T>
T field(std::span<const std::byte> record, size_t offset) {
  return read_at<T>(record, offset).value_or(T{});
}

template <typename T>
void set_field(std::span<std::byte> record, size_t offset, T value) {
  if (offset + sizeof value <= record.size())
    std::memcpy(record.data() + offset, &value, sizeof value);
}

inline uint64_t start_of(std::span<const std::byte> record) {
  return field<uint64_t>(record, offsetof(CallRecord, start));
}

inline CallNumber number_of(std::span<const std::byte> record) {
  return field<CallNumber>(record, offsetof(CallRecord, call));
}

// Where a record lies: 8-byte words from the first chunk's beginning.
inline uint32_t place_of(uint32_t chunk, uint32_t offset) {
  return static_cast<uint32_t>((size_t{chunk} * kChunkSize + offset) / 8);
}

inline bool is_exec(CallNumber call) {
  const CallInfo* info = find_call(call);
  return info != nullptr && (info->syscall == "execve" || info->syscall == "execveat");
}

// Whether it let what is forked next be in a PID namespace of its own.
inline bool makes_pid_namespace(std::span<const std::byte> call) {
  const CallNumber number = number_of(call);
  const auto flags = field<uint64_t>(call, offsetof(CallRecord, arguments));
  return (number == CallNumber::unshare || number == CallNumber::clone) &&
         (flags & CLONE_NEWPID) != 0;
}

inline void append(std::vector<std::byte>& record, std::span<const std::byte> blobs) {
  record.insert(record.end(), blobs.begin(), blobs.end());
}

}  // namespace wireseam
