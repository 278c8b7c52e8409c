// SPDX-License-Identifier: Apache-2.0
// From chunks into the timeline, and out of it.
#include "tracer/collect/collector_state.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "common/error.h"
#include "tracer/trace/bytes.h"

namespace wireseam {
namespace {

constexpr uint64_t kHousekeepingNs = 20'000'000;
constexpr uint64_t kLongestExecNs = 500'000'000;
constexpr char kOutOfReach[] =
    "its new program can't reach the trace (another user, another /proc, or killed at its start)";

bool is_exec(CallNumber call) {
  const CallInfo* info = find_call(call);
  return info != nullptr && (info->syscall == "execve" || info->syscall == "execveat");
}

// Whether the shim may discard the call when it has returned, since it was for no socket.
bool may_be_void(CallNumber call) { return call == CallNumber::poll || call == CallNumber::ppoll; }

template <typename T>
T field(std::span<const std::byte> record, size_t offset) {
  return read_at<T>(record, offset).value_or(T{});
}

template <typename T>
void set_field(std::span<std::byte> record, size_t offset, T value) {
  if (offset + sizeof value <= record.size())
    std::memcpy(record.data() + offset, &value, sizeof value);
}

uint64_t start_of(std::span<const std::byte> record) {
  return field<uint64_t>(record, offsetof(CallRecord, start));
}

CallNumber number_of(std::span<const std::byte> record) {
  return field<CallNumber>(record, offsetof(CallRecord, call));
}

uint32_t place_of(uint32_t chunk, uint32_t offset) {
  return static_cast<uint32_t>((size_t{chunk} * kChunkSize + offset) / 8);
}

}  // namespace

CollectorState::CollectorState(const RegionOptions& options, CollectorOutputs where)
    : region(options), clock(options.clock), outputs(std::move(where)) {}

bool CollectorState::is_in_use(uint32_t chunk) {
  return region.owner(chunk) != 0 && header_of(chunk).ready.load(std::memory_order_acquire) != 0;
}

size_t CollectorState::read_chunks() {
  while (readers_.size() < region.chunk_count())
    readers_.emplace_back(region.chunk(static_cast<uint32_t>(readers_.size())));
  size_t taken = 0;
  for (uint32_t chunk = 0; chunk < readers_.size(); ++chunk) {
    if (!is_in_use(chunk)) continue;
    found_.clear();
    readers_[chunk].find_done(found_);
    taken += found_.size();
    for (const Found& found : found_) take(chunk, found);
    if (readers_[chunk].exhausted()) close_chunk(chunk, 0);
  }
  region.wake_waiting();
  return taken;
}

void CollectorState::add(uint32_t chunk, uint64_t start, Timeline::Stage stage,
                         std::span<const std::byte> record) {
  const ChunkHeader& header = header_of(chunk);
  timeline_.add(start, stage, header.thread, {0, header.pid, header.tid, header.process}, record);
}

void CollectorState::take(uint32_t chunk, const Found& found) {
  switch (record_kind(found.head)) {
    case RecordKind::Call:
      return take_call(chunk, found);
    case RecordKind::MoreBytes:
      return assembler_.add(found.bytes);
    case RecordKind::Process:
      return take_process(chunk, found);
    case RecordKind::Void:
      assembler_.take(place_of(chunk, found.offset));
      return;
    case RecordKind::Module:
      return callers_.add_module(header_of(chunk).process, found.bytes);
    case RecordKind::None:
    case RecordKind::ProcessEnd:
    case RecordKind::Lost:
    case RecordKind::ChunkEnd:
    case RecordKind::Symbol:
      return;
  }
}

void CollectorState::take_call(uint32_t chunk, const Found& found) {
  if (found.bytes.size() < sizeof(CallRecord)) return;
  add(chunk, start_of(found.bytes), Timeline::Stage::Complete, found.bytes);
  if ((field<uint16_t>(found.bytes, offsetof(CallRecord, flags)) & kFlagMoreBytes) != 0)
    timeline_.extend(assembler_.take(place_of(chunk, found.offset)));
}

// A program that begins under a pid that has one already has replaced it: what the old one still
// had open came to an end with it, its exec with success.
void CollectorState::take_process(uint32_t chunk, const Found& found) {
  if (found.bytes.size() < sizeof(ProcessRecord)) return;
  const ChunkHeader& header = header_of(chunk);
  std::vector<std::byte> record(found.bytes.begin(), found.bytes.end());
  const uint64_t start = field<uint64_t>(record, offsetof(ProcessRecord, start));
  if (watch.process_of(header.pid) != 0) {
    set_field(record, offsetof(ProcessRecord, cause), ProcessCause::Exec);
    close_chunks(
        [&](const ChunkHeader& other) {
          return other.pid == header.pid && other.process < header.process;
        },
        start);
  }
  const auto parent = field<uint32_t>(record, offsetof(ProcessRecord, parent));
  const bool is_copy =
      field<ProcessCause>(record, offsetof(ProcessRecord, cause)) != ProcessCause::Exec;
  callers_.begin(header.process, header.pid, is_copy ? watch.process_of(parent) : 0);
  watch.begin(header.pid, header.process);
  add(chunk, start, Timeline::Stage::Complete, record);
}

// A call that its thread will not finish.
void CollectorState::take_cut_off(uint32_t chunk, const Found& open, uint64_t exec_end) {
  if (record_kind(open.head) != RecordKind::Call || open.bytes.size() < sizeof(CallRecord)) return;
  std::vector<std::byte> record(open.bytes.begin(), open.bytes.end());
  const CallNumber call = number_of(record);
  if (call == CallNumber::exit)
    watch.will_exit(header_of(chunk).pid, field<int32_t>(record, offsetof(CallRecord, arguments)));
  if (is_exec(call) && exec_end == 0) tell_untraceable(header_of(chunk).pid, kOutOfReach);
  if (is_exec(call) && exec_end != 0) {
    set_field(record, 0, record_head(record.size(), RecordKind::Call, RecordState::Done));
    set_field(record, offsetof(CallRecord, end), exec_end);
  }
  assembler_.take(place_of(chunk, open.offset));
  add(chunk, start_of(record), Timeline::Stage::Complete, record);
}

void CollectorState::close_chunk(uint32_t chunk, uint64_t exec_end) {
  std::vector<Found> rest;
  readers_[chunk].find_done(rest);
  for (const Found& found : rest) take(chunk, found);
  rest.clear();
  readers_[chunk].find_open(rest);
  for (const Found& open : rest) take_cut_off(chunk, open, exec_end);
  readers_[chunk] = ChunkReader(region.chunk(chunk));
  region.give_back(chunk);
}

template <typename Predicate>
void CollectorState::close_chunks(Predicate predicate, uint64_t exec_end) {
  for (uint32_t chunk = 0; chunk < readers_.size(); ++chunk)
    if (is_in_use(chunk) && predicate(header_of(chunk))) close_chunk(chunk, exec_end);
}

void CollectorState::close_all_chunks() {
  close_chunks([](const ChunkHeader&) { return true; }, 0);
}

bool CollectorState::thread_is_gone(uint32_t chunk) {
  const ChunkHeader& header = header_of(chunk);
  return syscall(SYS_tgkill, header.pid, header.tid, 0) != 0 && errno == ESRCH;
}

bool CollectorState::housekeeping_is_due(uint64_t now) const {
  return now - last_housekeeping_ >= clock.ticks_of_ns(kHousekeepingNs);
}

void CollectorState::keep_house(uint64_t now) {
  last_housekeeping_ = now;
  note_ended_processes(now);
  announce_running(now - clock.ticks_of_ns(kSettleNs));
  announce_losses(now);
}

void CollectorState::note_ended_processes(uint64_t now) {
  for (const uint32_t pid : watch.ended()) {
    close_chunks([pid](const ChunkHeader& header) { return header.pid == pid; }, 0);
    const RecordContext context{0, pid, pid, watch.process_of(pid)};
    std::byte record[sizeof(ProcessEndRecord)]{};
    set_field(record, 0, record_head(sizeof record, RecordKind::ProcessEnd, RecordState::Done));
    set_field(record, offsetof(ProcessEndRecord, status), watch.forget(pid));
    set_field(record, offsetof(ProcessEndRecord, start), now);
    timeline_.add(now, Timeline::Stage::Complete, 0, context, record);
    untraceable_.erase(pid);
    callers_.end(context.process);
  }
}

// Chunks of threads that are gone are given back only here: to look costs a system call for each.
void CollectorState::make_room() {
  uint32_t in_use = 0;
  for (uint32_t chunk = 0; chunk < readers_.size(); ++chunk) in_use += region.owner(chunk) != 0;
  if (in_use < region.chunk_count() / 2) return;
  for (uint32_t chunk = 0; chunk < readers_.size(); ++chunk)
    if (is_in_use(chunk) && thread_is_gone(chunk)) {
      close_chunk(chunk, 0);
      --in_use;
    }
  if (in_use > region.chunk_count() / 8 * 7) region.grow();
  region.wake_waiting();
}

void CollectorState::announce_running(uint64_t horizon) {
  std::vector<Found> open;
  for (uint32_t chunk = 0; chunk < readers_.size(); ++chunk) {
    if (!is_in_use(chunk)) continue;
    open.clear();
    readers_[chunk].find_open(open);
    for (const Found& call : open) {
      if (record_kind(call.head) != RecordKind::Call || call.bytes.size() < sizeof(CallRecord))
        continue;
      const uint64_t start = start_of(call.bytes);
      if (start > horizon || may_be_void(number_of(call.bytes))) continue;
      if (is_exec(number_of(call.bytes)))
        look_at_exec(header_of(chunk).pid, clock.duration_ns(start, clock.now()));
      if (running_.emplace(header_of(chunk).thread, start).second)
        add(chunk, start, Timeline::Stage::Running, call.bytes);
    }
  }
}

// An exec whose new program does not say that it has begun: the shim is not in it, or it can't
// reach the region.
void CollectorState::look_at_exec(uint32_t pid, uint64_t open_ns) {
  std::optional<std::string> reason;
  if (outputs.why_untraceable)
    reason = outputs.why_untraceable("/proc/" + std::to_string(pid) + "/exe");
  if (!reason && open_ns > kLongestExecNs) reason = kOutOfReach;
  if (reason) tell_untraceable(pid, *reason);
}

void CollectorState::tell_untraceable(uint32_t pid, const std::string& reason) {
  if (!untraceable_.insert(pid).second || !outputs.untraceable) return;
  outputs.untraceable(pid, reason);
}

void CollectorState::announce_losses(uint64_t now) {
  const uint64_t lost = region.header().lost.load(std::memory_order_relaxed);
  if (lost == last_lost_) return;
  last_lost_ = lost;
  std::byte record[sizeof(LostRecord)]{};
  set_field(record, 0, record_head(sizeof record, RecordKind::Lost, RecordState::Done));
  set_field(record, offsetof(LostRecord, start), now);
  set_field(record, offsetof(LostRecord, count), lost);
  timeline_.add(now, Timeline::Stage::Complete, 0, {}, record);
}

template <typename Action>
void CollectorState::write_file(Action action) {
  if (outputs.file == nullptr) return;
  try {
    action(*outputs.file);
  } catch (const Error& error) {
    outputs.file = nullptr;
    if (outputs.file_failed) outputs.file_failed(error);
  }
}

void CollectorState::emit(uint64_t horizon) {
  const auto items = timeline_.up_to(horizon);
  for (const Timeline::Item& item : items) pass_on(item);
  // Whatever ends the tracer, the file holds what happened up to a moment ago.
  write_file([](TraceWriter& file) { file.flush(); });
  if (items.empty()) {
    if (outputs.sink != nullptr) outputs.sink->idle();
    return;
  }
  timeline_.drop();
}

// From the region's clock to the file's.
void CollectorState::settle_times(std::span<std::byte> record, const Timeline::Item& item) {
  const uint64_t start_ns = clock.to_realtime_ns(item.start);
  switch (record_kind(field<uint32_t>(record, 0))) {
    case RecordKind::Call: {
      const auto end = field<uint64_t>(record, offsetof(CallRecord, end));
      set_field(record, offsetof(CallRecord, start), start_ns);
      set_field(record, offsetof(CallRecord, end), start_ns + clock.duration_ns(item.start, end));
      if (item.stage == Timeline::Stage::Complete)
        set_field(record, offsetof(CallRecord, serial), ++serials_[item.thread]);
      return;
    }
    case RecordKind::Process:
      return set_field(record, offsetof(ProcessRecord, start), start_ns);
    case RecordKind::ProcessEnd:
      return set_field(record, offsetof(ProcessEndRecord, start), start_ns);
    case RecordKind::Lost:
      return set_field(record, offsetof(LostRecord, start), start_ns);
    case RecordKind::None:
    case RecordKind::MoreBytes:
    case RecordKind::ChunkEnd:
    case RecordKind::Symbol:
    case RecordKind::Void:
    case RecordKind::Module:
      return;
  }
}

void CollectorState::name_caller(const RecordContext& context, std::span<const std::byte> record) {
  if (record_kind(field<uint32_t>(record, 0)) != RecordKind::Call) return;
  const auto address = field<uint64_t>(record, offsetof(CallRecord, caller));
  const auto place = callers_.find_new(context.process, address);
  if (!place) return;
  symbols_.add(context.process, address, place->module, place->symbol);
  write_file([&](TraceWriter& file) {
    file.append_symbol(context.pid, context.process, address, place->module, place->symbol);
  });
}

void CollectorState::pass_on(const Timeline::Item& item) {
  const auto record = timeline_.bytes(item);
  settle_times(record, item);
  const bool running = item.stage == Timeline::Stage::Running;
  if (!running) running_.erase({item.thread, item.start});
  if (outputs.callers) name_caller(item.context, record);
  if (!running) write_file([&](TraceWriter& file) { file.append(item.context, record); });
  if (outputs.sink == nullptr) return;
  DecodedRecord decoded = decode_record(item.context, record, symbols_);
  if (decoded.fate != RecordFate::Event) return;
  if (!running) return outputs.sink->event(decoded.event);
  std::get<CallEvent>(decoded.event.what).state = CallState::Running;
  outputs.sink->running(decoded.event);
}

}  // namespace wireseam
