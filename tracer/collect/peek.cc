// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/peek.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <string>

#include "tracer/trace/bytes.h"
#include "tracer/trace/call_info.h"
#include "tracer/trace/event.h"

namespace wireseam {
namespace {

using KernelArguments = std::array<uint64_t, kMaxArguments>;

// "NUMBER ARGUMENT... STACK CODE", of a thread that waits in a system call; "running" of one that
// runs, and a number of -1 where it waits for something else (proc(5)).
std::optional<KernelArguments> system_call_of(const ProcessFolder& process, uint32_t tid) {
  std::istringstream text(process.read("task/" + std::to_string(tid) + "/syscall"));
  int number = -1;
  KernelArguments arguments{};
  if (!(text >> number) || number < 0) return std::nullopt;
  for (uint64_t& argument : arguments)
    if (!(text >> std::hex >> argument)) return std::nullopt;
  return arguments;
}

// Empty where not all can be read.
std::vector<std::byte> read_memory(const Fd& memory, uint64_t address, size_t size) {
  std::vector<std::byte> bytes(size);
  const ssize_t read = pread(memory.get(), bytes.data(), size, static_cast<off_t>(address));
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

std::vector<std::byte> peek_arguments(const ProcessFolder& process, uint32_t tid,
                                      std::span<const std::byte> call, uint32_t payload_limit) {
  std::vector<std::byte> blobs;
  const auto number = read_at<CallNumber>(call, offsetof(CallRecord, call));
  const CallInfo* info = find_call(number.value_or(CallNumber::none));
  if (info == nullptr) return blobs;
  const auto given = system_call_of(process, tid);
  if (!given) return blobs;
  const Fd memory = process.open("mem");
  const Blobs recorded(call.subspan(std::min(call.size(), sizeof(CallRecord))));
  for (size_t i = 0; i + 1 < info->parameter_count; ++i) {
    const ParameterKind kind = info->parameters()[i].kind;
    if (kind != ParameterKind::AddressIn && kind != ParameterKind::BytesIn) continue;
    const bool is_address = kind == ParameterKind::AddressIn;
    const uint64_t address = (*given)[i];
    // Of a socklen_t the upper half of its register may be anything.
    const uint64_t total = is_address ? static_cast<uint32_t>((*given)[i + 1]) : (*given)[i + 1];
    const auto said = read_at<std::array<uint64_t, 2>>(
        call, offsetof(CallRecord, arguments) + i * sizeof(uint64_t));
    if (recorded.find(i) || address == 0 || said != std::array{address, total}) continue;
    const uint64_t limit = is_address ? kMaxSockaddr : payload_limit;
    const auto bytes = read_memory(memory, address, std::min(total, limit));
    if (!bytes.empty()) append_blob(blobs, i, total, bytes);
  }
  return blobs;
}

}  // namespace wireseam
