// SPDX-License-Identifier: Apache-2.0
// The record structs of format.h. They hold an atomic word and so are read field by field.
#include "tracer/trace/record.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <optional>
#include <string>

#include "tracer/trace/bytes.h"

namespace wireseam {
namespace {

using Bytes = std::span<const std::byte>;

// The caller has checked that the record is as long as its struct.
template <typename T>
T field(Bytes record, size_t offset) {
  const auto value = read_at<T>(record, offset);
  assert(value);
  return *value;
}

std::optional<CallState> call_state(RecordState state) {
  if (state == RecordState::Done) return CallState::Returned;
  if (state == RecordState::Open) return CallState::CutOff;
  return std::nullopt;
}

Event decode_call(const RecordContext& context, Bytes record, const SymbolTable& symbols) {
  const auto start = field<uint64_t>(record, offsetof(CallRecord, start));
  const auto end = field<uint64_t>(record, offsetof(CallRecord, end));
  CallEvent call;
  call.number = field<CallNumber>(record, offsetof(CallRecord, call));
  call.info = find_call(call.number);
  call.state = *call_state(record_state(field<uint32_t>(record, 0)));
  call.flags = field<uint16_t>(record, offsetof(CallRecord, flags));
  call.serial = field<uint32_t>(record, offsetof(CallRecord, serial));
  call.errnum = field<int32_t>(record, offsetof(CallRecord, errnum));
  call.result = field<int64_t>(record, offsetof(CallRecord, result));
  call.duration_ns = end > start ? end - start : 0;
  std::memcpy(call.arguments.data(), record.data() + offsetof(CallRecord, arguments),
              sizeof call.arguments);
  call.blobs = Blobs(record.subspan(sizeof(CallRecord)));
  call.caller =
      symbols.find(context.process, field<uint64_t>(record, offsetof(CallRecord, caller)));
  return Event{.time_ns = start, .what = call};
}

Event decode_begin(const RecordContext& context, Bytes record, SymbolTable& symbols) {
  symbols.began(context.pid, context.process);
  const auto name =
      text_of(record.subspan(offsetof(ProcessRecord, name), sizeof(ProcessRecord::name)));
  const ProcessBeginEvent begin{
      .cause = field<ProcessCause>(record, offsetof(ProcessRecord, cause)),
      .parent = field<uint32_t>(record, offsetof(ProcessRecord, parent)),
      .user = field<uint32_t>(record, offsetof(ProcessRecord, user)),
      .name = name.substr(0, std::min(name.size(), name.find('\0')))};
  return Event{.time_ns = field<uint64_t>(record, offsetof(ProcessRecord, start)), .what = begin};
}

Event decode_end(const RecordContext& context, Bytes record, SymbolTable& symbols) {
  symbols.ended(context.pid, context.process);
  const ProcessEndEvent end{.status = field<int32_t>(record, offsetof(ProcessEndRecord, status))};
  return Event{.time_ns = field<uint64_t>(record, offsetof(ProcessEndRecord, start)), .what = end};
}

Event decode_lost(Bytes record) {
  const LostEvent lost{.count = field<uint64_t>(record, offsetof(LostRecord, count)),
                       .cause = field<LostCause>(record, offsetof(LostRecord, cause))};
  return Event{.time_ns = field<uint64_t>(record, offsetof(LostRecord, start)), .what = lost};
}

Event decode_unseen_socket(Bytes record) {
  const UnseenSocketEvent socket{
      .since_ns = field<uint64_t>(record, offsetof(UnseenSocketRecord, since)),
      .until_ns = field<uint64_t>(record, offsetof(UnseenSocketRecord, until)),
      .identity = field<SocketIdentity>(record, offsetof(UnseenSocketRecord, identity))};
  return Event{.time_ns = field<uint64_t>(record, offsetof(UnseenSocketRecord, start)),
               .what = socket};
}

bool enter_symbol(const RecordContext& context, Bytes record, SymbolTable& symbols) {
  const size_t module_size = field<uint16_t>(record, offsetof(SymbolRecord, module_size));
  const size_t symbol_size = field<uint16_t>(record, offsetof(SymbolRecord, symbol_size));
  const std::string_view texts = text_of(record.subspan(sizeof(SymbolRecord)));
  if (texts.size() < module_size + symbol_size) return false;
  symbols.add(context.process, field<uint64_t>(record, offsetof(SymbolRecord, address)),
              texts.substr(0, module_size), texts.substr(module_size, symbol_size));
  return true;
}

// How long a record of this kind is at least; no value for kinds that don't belong into a file.
std::optional<size_t> smallest_size(RecordKind kind) {
  switch (kind) {
    case RecordKind::Call:
      return sizeof(CallRecord);
    case RecordKind::Process:
      return sizeof(ProcessRecord);
    case RecordKind::ProcessEnd:
      return sizeof(ProcessEndRecord);
    case RecordKind::Lost:
      return sizeof(LostRecord);
    case RecordKind::Symbol:
      return sizeof(SymbolRecord);
    case RecordKind::UnseenSocket:
      return sizeof(UnseenSocketRecord);
    case RecordKind::None:
    case RecordKind::MoreBytes:
    case RecordKind::ChunkEnd:
    case RecordKind::Void:
    case RecordKind::Module:
      break;
  }
  return std::nullopt;
}

// The kind of a record that is long enough for it and belongs into a file; else why it is not.
struct CheckedKind {
  RecordFate fate = RecordFate::Event;
  RecordKind kind = RecordKind::None;
};

CheckedKind check(Bytes record) {
  const auto head = read_at<uint32_t>(record);
  if (!head) return {.fate = RecordFate::Malformed};
  const RecordKind kind = record_kind(*head);
  const auto smallest = smallest_size(kind);
  if (!smallest) return {.fate = RecordFate::Unknown};
  if (record.size() < *smallest) return {.fate = RecordFate::Malformed};
  const bool bad_state = kind == RecordKind::Call && !call_state(record_state(*head));
  return {.fate = bad_state ? RecordFate::Malformed : RecordFate::Event, .kind = kind};
}

bool gives_descriptors_away(CallNumber call) {
  return call == CallNumber::close || call == CallNumber::fclose ||
         call == CallNumber::close_range || call == CallNumber::closefrom;
}

RecordTimes call_times(Bytes record) {
  const auto start = field<uint64_t>(record, offsetof(CallRecord, start));
  const auto end = field<uint64_t>(record, offsetof(CallRecord, end));
  const auto call = field<CallNumber>(record, offsetof(CallRecord, call));
  return {.start = start, .effect = gives_descriptors_away(call) ? start : std::max(start, end)};
}

Event decode_event(RecordKind kind, const RecordContext& context, Bytes record,
                   SymbolTable& symbols) {
  if (kind == RecordKind::Call) return decode_call(context, record, symbols);
  if (kind == RecordKind::Process) return decode_begin(context, record, symbols);
  if (kind == RecordKind::ProcessEnd) return decode_end(context, record, symbols);
  if (kind == RecordKind::UnseenSocket) return decode_unseen_socket(record);
  return decode_lost(record);
}

// Encoding ----------------------------------------------------------------------------------------

// The bytes of a record's struct, and of what follows it.
template <typename Record>
std::vector<std::byte> bytes_of(const Record& record, Bytes rest = {}) {
  std::vector<std::byte> bytes(sizeof record + rest.size());
  std::memcpy(bytes.data(), &record, sizeof record);
  std::copy(rest.begin(), rest.end(), bytes.begin() + sizeof record);
  return bytes;
}

uint32_t file_head(RecordKind kind, CallState state = CallState::Returned) {
  return record_head(0, kind, state == CallState::Returned ? RecordState::Done : RecordState::Open);
}

struct Encoder {
  uint64_t start;

  std::vector<std::byte> operator()(const CallEvent& call) const {
    CallRecord record{.head{file_head(RecordKind::Call, call.state)},
                      .call = call.number,
                      .flags = call.flags,
                      .serial = call.serial,
                      .errnum = call.errnum,
                      .start = start,
                      .end = start + call.duration_ns,
                      .result = call.result,
                      .caller = call.caller.address,
                      .arguments = {}};
    std::copy(call.arguments.begin(), call.arguments.end(), record.arguments);
    return bytes_of(record, call.blobs.bytes());
  }

  std::vector<std::byte> operator()(const ProcessBeginEvent& begin) const {
    ProcessRecord record{.head{file_head(RecordKind::Process)},
                         .cause = begin.cause,
                         .start = start,
                         .parent = begin.parent,
                         .user = begin.user,
                         .name = {}};
    begin.name.copy(record.name, sizeof record.name);
    return bytes_of(record);
  }

  std::vector<std::byte> operator()(const ProcessEndEvent& end) const {
    return bytes_of(ProcessEndRecord{
        .head{file_head(RecordKind::ProcessEnd)}, .status = end.status, .start = start});
  }

  std::vector<std::byte> operator()(const LostEvent& lost) const {
    return bytes_of(LostRecord{.head{file_head(RecordKind::Lost)},
                               .cause = lost.cause,
                               .start = start,
                               .count = lost.count});
  }

  std::vector<std::byte> operator()(const UnseenSocketEvent& socket) const {
    return bytes_of(UnseenSocketRecord{.head{file_head(RecordKind::UnseenSocket)},
                                       .reserved = 0,
                                       .start = start,
                                       .since = socket.since_ns,
                                       .until = socket.until_ns,
                                       .identity = socket.identity});
  }
};

}  // namespace

DecodedRecord decode_record(const RecordContext& context, Bytes record, SymbolTable& symbols) {
  const auto [fate, kind] = check(record);
  if (fate != RecordFate::Event) return {.fate = fate, .event = {}};
  if (kind == RecordKind::Symbol) {
    const bool entered = enter_symbol(context, record, symbols);
    return {.fate = entered ? RecordFate::Symbol : RecordFate::Malformed, .event = {}};
  }
  DecodedRecord decoded{.fate = fate, .event = decode_event(kind, context, record, symbols)};
  decoded.event.pid = context.pid;
  decoded.event.tid = context.tid;
  decoded.event.process = context.process;
  return decoded;
}

std::optional<RecordTimes> record_times(Bytes record) {
  const auto [fate, kind] = check(record);
  if (fate != RecordFate::Event || kind == RecordKind::Symbol) return std::nullopt;
  if (kind == RecordKind::Call) return call_times(record);
  static_assert(offsetof(ProcessEndRecord, start) == offsetof(LostRecord, start));
  static_assert(offsetof(UnseenSocketRecord, start) == offsetof(LostRecord, start));
  const size_t offset =
      kind == RecordKind::Process ? offsetof(ProcessRecord, start) : offsetof(LostRecord, start);
  const auto start = field<uint64_t>(record, offset);
  return RecordTimes{.start = start, .effect = start};
}

std::vector<std::byte> encode_record(const Event& event) {
  return std::visit(Encoder{event.time_ns}, event.what);
}

std::vector<std::byte> encode_symbol(uint64_t address, std::string_view module,
                                     std::string_view symbol) {
  module = module.substr(0, UINT16_MAX);
  symbol = symbol.substr(0, UINT16_MAX);
  const std::string texts = std::string(module) + std::string(symbol);
  return bytes_of(SymbolRecord{.head{file_head(RecordKind::Symbol)},
                               .module_size = static_cast<uint16_t>(module.size()),
                               .symbol_size = static_cast<uint16_t>(symbol.size()),
                               .address = address},
                  std::as_bytes(std::span(texts)));
}

}  // namespace wireseam
