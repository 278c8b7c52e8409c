// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/broken_pipe.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "tracer/trace/bytes.h"
#include "tracer/trace/call_info.h"
#include "tracer/trace/format.h"

namespace wireseam {
namespace {

uint64_t argument(std::span<const std::byte> call, size_t i) {
  return read_at<uint64_t>(call, offsetof(CallRecord, arguments) + i * sizeof(uint64_t))
      .value_or(0);
}

std::optional<size_t> index_of(const CallInfo& info, ParameterKind kind) {
  const auto parameters = info.parameters();
  for (size_t i = 0; i < parameters.size(); ++i)
    if (parameters[i].kind == kind) return i;
  return std::nullopt;
}

bool sends_at_once(const CallInfo& info, std::span<const std::byte> call) {
  using enum ParameterKind;
  if (const auto messages = index_of(info, MessagesIn)) return argument(call, *messages + 1) == 1;
  return index_of(info, BytesIn) || index_of(info, VectorIn) || index_of(info, MessageIn);
}

template <typename T>
void set_field(std::span<std::byte> record, size_t offset, T value) {
  if (offset + sizeof value <= record.size())
    std::memcpy(record.data() + offset, &value, sizeof value);
}

}  // namespace

bool may_be_broken_pipe(std::span<const std::byte> call) {
  const auto number = read_at<CallNumber>(call, offsetof(CallRecord, call));
  const CallInfo* info = find_call(number.value_or(CallNumber::none));
  if (info == nullptr || !sends_at_once(*info, call)) return false;
  const auto flags = index_of(*info, ParameterKind::MessageFlags);
  return !flags || (argument(call, *flags) & MSG_NOSIGNAL) == 0;
}

void end_with_broken_pipe(std::span<std::byte> call) {
  set_field(call, 0, record_head(call.size(), RecordKind::Call, RecordState::Done));
  set_field(call, offsetof(CallRecord, result), int64_t{-1});
  set_field(call, offsetof(CallRecord, errnum), int32_t{EPIPE});
}

}  // namespace wireseam
