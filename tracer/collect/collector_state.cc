// SPDX-License-Identifier: Apache-2.0
// From chunks into the timeline, and out of it.
#include "tracer/collect/collector_state.h"

#include <signal.h>

#include <algorithm>
#include <utility>

#include "common/error.h"
#include "tracer/collect/broken_pipe.h"
#include "tracer/trace/bytes.h"

namespace wireseam {
namespace {

constexpr uint64_t kHousekeepingNs = 20'000'000;
constexpr uint64_t kSearchNs = 50'000'000;

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

void append(std::vector<std::byte>& record, std::span<const std::byte> blobs) {
  record.insert(record.end(), blobs.begin(), blobs.end());
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

// Rises with each record that a thread writes.
uint64_t order_of(const ChunkHeader& header, uint32_t offset) {
  return uint64_t{header.sequence} * kChunkSize + offset;
}

bool is_gone(const ChunkHeader& header) { return thread_is_gone({header.pid, header.tid}); }

}  // namespace

CollectorState::CollectorState(const RegionOptions& options, CollectorOutputs where)
    : region(options),
      clock(options.clock),
      outputs(std::move(where)),
      users(region.inode(), region.path()),
      payload_limit_(options.payload_limit),
      unseen_(region.inode(), outputs.untraceable, outputs.why_untraceable) {
  constexpr size_t kHeldBytes = size_t{64} << 20;
  if (outputs.sink == nullptr) return;
  progress.emplace(*outputs.sink, region.header().progress);
  sorter.emplace(*progress, EventSorter::Window{.ns = UINT64_MAX, .bytes = kHeldBytes});
}

bool CollectorState::is_in_use(uint32_t chunk) {
  return region.owner(chunk) != 0 && header_of(chunk).ready.load(std::memory_order_acquire) != 0;
}

size_t CollectorState::count_in_use() const {
  size_t count = 0;
  for (uint32_t chunk = 0; chunk < readers_.size(); ++chunk) count += region.owner(chunk) != 0;
  return count;
}

size_t CollectorState::read_chunk(uint32_t chunk) {
  std::vector<Found> found = std::exchange(found_, {});  // take() may read other chunks
  found.clear();
  readers_[chunk].find_done(found);
  for (const Found& record : found) take(chunk, record);
  const size_t count = found.size();
  found_ = std::move(found);
  return count;
}

size_t CollectorState::read_each_chunk() {
  size_t taken = 0;
  for (uint32_t chunk = 0; chunk < readers_.size(); ++chunk)
    if (is_in_use(chunk)) taken += read_chunk(chunk);
  return taken;
}

// The bytes of a call may lie in any chunk of its thread, written before the call was done. So
// after a second reading those of all calls found by the first are there; what only the second
// found stays for the next time, and so do the chunks where it lies.
size_t CollectorState::read_chunks() {
  while (readers_.size() < region.chunk_count())
    readers_.emplace_back(region.chunk(static_cast<uint32_t>(readers_.size())));
  size_t taken = read_each_chunk();
  if (!incomplete_.empty()) {
    const auto calls = std::exchange(incomplete_, {});
    taken += read_each_chunk();
    for (const IncompleteCall& call : calls) complete(call);
  }
  std::set<uint32_t> kept;
  for (const IncompleteCall& call : incomplete_) kept.insert(call.chunk);
  for (uint32_t chunk = 0; chunk < readers_.size(); ++chunk)
    if (is_in_use(chunk) && readers_[chunk].exhausted() && !kept.contains(chunk))
      close_chunk(chunk, 0);
  region.wake_waiting();
  return taken;
}

RecordContext CollectorState::context_of(uint32_t chunk) {
  const ChunkHeader& header = header_of(chunk);
  return {0, header.pid, header.tid, header.process};
}

CollectorState::CallKey CollectorState::key_of(uint32_t chunk, std::span<const std::byte> record) {
  return {header_of(chunk).thread, start_of(record)};
}

void CollectorState::take(uint32_t chunk, const Found& found) {
  switch (record_kind(found.head)) {
    case RecordKind::Call:
      return take_call(chunk, found);
    case RecordKind::MoreBytes:
      return assembler_.add(order_of(header_of(chunk), found.offset), found.bytes);
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

uint32_t CollectorState::next_serial(const ChunkHeader& header) {
  if (serials_.is_full()) {
    std::set<uint32_t> writing;
    for (uint32_t chunk = 0; chunk < readers_.size(); ++chunk)
      if (is_in_use(chunk)) writing.insert(header_of(chunk).thread);
    serials_.forget_gone(writing);
  }
  return serials_.next({header.pid, header.tid}, header.thread);
}

std::vector<std::byte>& CollectorState::settled_call(uint32_t chunk,
                                                     std::span<const std::byte> record) {
  record_.assign(record.begin(), record.end());
  const uint64_t start = start_of(record);
  const auto end = field<uint64_t>(record, offsetof(CallRecord, end));
  const uint64_t start_ns = clock.to_realtime_ns(start);
  set_field(record_, offsetof(CallRecord, start), start_ns);
  set_field(record_, offsetof(CallRecord, end), start_ns + clock.duration_ns(start, end));
  const auto announced = running_.find(key_of(chunk, record));
  const uint32_t serial =
      announced != running_.end() ? announced->second.serial : next_serial(header_of(chunk));
  set_field(record_, offsetof(CallRecord, serial), serial);
  return record_;
}

void CollectorState::take_call(uint32_t chunk, const Found& found) {
  if (found.bytes.size() < sizeof(CallRecord)) return;
  if ((field<uint16_t>(found.bytes, offsetof(CallRecord, flags)) & kFlagMoreBytes) != 0)
    incomplete_.push_back({chunk, found});
  else if (record_state(found.head) == RecordState::Left)
    take_cut_off(chunk, found, 0);
  else
    pass_on_returned(chunk, found.bytes, {});
}

void CollectorState::complete(const IncompleteCall& call) {
  if (record_state(call.found.head) == RecordState::Left)
    return take_cut_off(call.chunk, call.found, 0);
  const auto rest = assembler_.take(place_of(call.chunk, call.found.offset));
  pass_on_returned(call.chunk, call.found.bytes, rest);
}

void CollectorState::pass_on_returned(uint32_t chunk, std::span<const std::byte> record,
                                      const std::vector<std::byte>& more_blobs) {
  append(settled_call(chunk, record), more_blobs);
  unseen_.returned(header_of(chunk).pid, record_);
  running_.erase(key_of(chunk, record));
  pass_on_call(chunk);
}

void CollectorState::pass_on_call(uint32_t chunk) {
  const RecordContext context = context_of(chunk);
  if (outputs.callers) name_caller(context, field<uint64_t>(record_, offsetof(CallRecord, caller)));
  pass_on(context, record_);
}

template <typename Action>
void CollectorState::write_file(Action action) {
  if (outputs.file == nullptr) return;
  try {
    action(*outputs.file);
  } catch (const Error& error) {
    outputs.file = nullptr;
    file_failed_ = true;
    if (outputs.file_failed) outputs.file_failed(error);
  }
}

void CollectorState::flush_file() {
  write_file([this](TraceWriter& file) {
    file.flush();
    unwritten_ = 0;
  });
}

void CollectorState::tell_unwritten() {
  if (file_failed_ && unwritten_ > 0 && outputs.file_lacks) outputs.file_lacks(unwritten_);
}

void CollectorState::pass_on(const RecordContext& context, std::span<const std::byte> record) {
  write_file([&](TraceWriter& file) { file.append(context, record); });
  const bool is_call = record_kind(field<uint32_t>(record, 0)) == RecordKind::Call;
  if (is_call && (outputs.file != nullptr || file_failed_)) ++unwritten_;
  if (sorter) sorter->add({context, record});
}

void CollectorState::name_caller(const RecordContext& context, uint64_t address) {
  const auto place = callers_.find_new(context.process, address);
  if (place) pass_on(context, encode_symbol(address, place->module, place->symbol));
}

// Chunks are read in no order of time. That a process executes a new program can only be told when
// it is known what it was before.
void CollectorState::read_earlier_programs(const ChunkHeader& header) {
  for (uint32_t chunk = 0; chunk < readers_.size(); ++chunk)
    if (is_in_use(chunk) && header_of(chunk).pid == header.pid &&
        header_of(chunk).process < header.process)
      read_chunk(chunk);
}

// A program that begins under a pid that has one already has replaced it: what the old one still
// had open came to an end with it, its exec with success.
void CollectorState::take_process(uint32_t chunk, const Found& found) {
  if (found.bytes.size() < sizeof(ProcessRecord)) return;
  const ChunkHeader& header = header_of(chunk);
  std::vector<std::byte> record(found.bytes.begin(), found.bytes.end());
  const uint64_t start = field<uint64_t>(record, offsetof(ProcessRecord, start));
  read_earlier_programs(header);
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
  if (!is_copy && header.process > 1 && watch.process_of(header.pid) == 0)
    unseen_.started(header.pid);
  if (!is_copy) callers_.end(watch.process_of(header.pid));
  callers_.begin(header.process, header.pid, is_copy ? watch.process_of(parent) : 0);
  watch.begin(header.pid, header.process);
  set_field(record, offsetof(ProcessRecord, start), clock.to_realtime_ns(start));
  pass_on(context_of(chunk), record);
}

// A call that its thread will not finish.
void CollectorState::take_cut_off(uint32_t chunk, const Found& open, uint64_t exec_end) {
  if (record_kind(open.head) != RecordKind::Call || open.bytes.size() < sizeof(CallRecord)) return;
  const CallNumber call = number_of(open.bytes);
  if (call == CallNumber::exit)
    watch.will_exit(header_of(chunk).pid,
                    field<int32_t>(open.bytes, offsetof(CallRecord, arguments)));
  std::vector<std::byte> ended(open.bytes.begin(), open.bytes.end());
  const bool succeeded = is_exec(call) && exec_end != 0;
  const RecordState state = succeeded ? RecordState::Done : RecordState::Open;
  set_field(ended, 0, record_head(ended.size(), RecordKind::Call, state));
  if (record_state(open.head) != RecordState::Left) {
    const uint64_t end = call == CallNumber::exit ? start_of(ended) : clock.now();
    set_field(ended, offsetof(CallRecord, end), succeeded ? exec_end : end);
  }
  if (broken_pipe_ == key_of(chunk, open.bytes)) end_with_broken_pipe(ended);
  if (is_exec(call) && succeeded)
    unseen_.exec_succeeded(header_of(chunk).pid, ended);
  else if (is_exec(call))
    unseen_.exec_cut_off(header_of(chunk).pid, ended);
  append(settled_call(chunk, ended), assembler_.take(place_of(chunk, open.offset)));
  const auto announced = running_.find(key_of(chunk, ended));
  if (announced != running_.end()) {
    append(record_, announced->second.blobs);
    running_.erase(announced);
  }
  pass_on_call(chunk);
}

// Gives back a chunk that has been read to its end.
void CollectorState::close_chunk(uint32_t chunk, uint64_t exec_end) {
  std::vector<Found> rest;
  readers_[chunk].find_open(rest);
  for (const Found& open : rest) take_cut_off(chunk, open, exec_end);
  readers_[chunk] = ChunkReader(region.chunk(chunk));
  region.give_back(chunk);
}

// Reads and gives back the chunks of threads that will write no more.
template <typename Predicate>
void CollectorState::close_chunks(Predicate predicate, uint64_t exec_end) {
  std::set<uint32_t> chunks;
  for (uint32_t chunk = 0; chunk < readers_.size(); ++chunk)
    if (is_in_use(chunk) && predicate(header_of(chunk))) chunks.insert(chunk);
  for (const uint32_t chunk : chunks) read_chunk(chunk);
  std::erase_if(incomplete_, [&](const IncompleteCall& call) {
    if (!chunks.contains(call.chunk)) return false;
    complete(call);
    return true;
  });
  for (const uint32_t chunk : chunks) close_chunk(chunk, exec_end);
}

void CollectorState::close_all_chunks() {
  close_chunks([](const ChunkHeader&) { return true; }, 0);
}

bool CollectorState::housekeeping_is_due(uint64_t now) const {
  return now - last_housekeeping_ >= clock.ticks_of_ns(kHousekeepingNs);
}

void CollectorState::keep_house(uint64_t now) {
  last_housekeeping_ = now;
  note_ended_processes();
  look_at_execs(now);
  announce_losses(now);
}

template <typename Visit>
void CollectorState::for_each_open_call(Visit visit) {
  std::vector<Found> open;
  for (uint32_t chunk = 0; chunk < readers_.size(); ++chunk) {
    if (!is_in_use(chunk)) continue;
    open.clear();
    readers_[chunk].find_open(open);
    for (const Found& call : open)
      if (record_kind(call.head) == RecordKind::Call && call.bytes.size() >= sizeof(CallRecord))
        visit(chunk, call.bytes);
  }
}

// The one call that SIGPIPE may have come from; after a long one it may have come from elsewhere.
std::optional<CollectorState::CallKey> CollectorState::find_broken_pipe(uint32_t pid) {
  std::vector<CallKey> found;
  for_each_open_call([&](uint32_t chunk, std::span<const std::byte> call) {
    const uint64_t open_ns = clock.duration_ns(start_of(call), clock.now());
    if (header_of(chunk).pid == pid && open_ns < 500 * kSettleNs && may_be_broken_pipe(call))
      found.push_back(key_of(chunk, call));
  });
  return found.size() == 1 ? std::optional(found.front()) : std::nullopt;
}

void CollectorState::note_ended_processes() {
  for (const uint32_t pid : watch.gone()) {
    const auto broken = find_broken_pipe(pid);
    if (broken && !watch.may_be_told(pid)) continue;
    broken_pipe_ = watch.was_killed_by(pid, SIGPIPE) ? broken : std::nullopt;
    close_chunks([pid](const ChunkHeader& header) { return header.pid == pid; }, 0);
    if (watch.process_of(pid) == 0)
      watch.forget(pid);  // it was never heard of
    else if (watch.may_be_told(pid))
      tell_end(pid);
  }
}

size_t CollectorState::count_running() {
  const uint64_t now = clock.now();
  const bool is_due = now - last_search_ >= clock.ticks_of_ns(kSearchNs);
  if (watch.running() == 0 || (watch.only_expects() && is_due)) {
    last_search_ = now;
    watch.expect(users.find());
  }
  return watch.running();
}

void CollectorState::tell_end(uint32_t pid) {
  const RecordContext context{0, pid, pid, watch.process_of(pid)};
  std::byte record[sizeof(ProcessEndRecord)]{};
  set_field(record, 0, record_head(sizeof record, RecordKind::ProcessEnd, RecordState::Done));
  set_field(record, offsetof(ProcessEndRecord, status), watch.forget(pid));
  set_field(record, offsetof(ProcessEndRecord, start), clock.to_realtime_ns(clock.now()));
  pass_on(context, record);
  unseen_.ended(pid);
  callers_.end(context.process);
}

// Chunks of threads that are gone are given back only here: to look costs a system call for each.
void CollectorState::make_room(uint64_t now) {
  const size_t in_use = count_in_use();
  if (in_use < region.chunk_count() / 2) return;
  const bool is_full = in_use == region.chunk_count();
  if (!is_full && now - last_room_ < clock.ticks_of_ns(kHousekeepingNs)) return;
  last_room_ = now;
  close_chunks(is_gone, 0);
  if (count_in_use() > region.chunk_count() / 8 * 7) region.grow();
  region.wake_waiting();
}

void CollectorState::announce_running(uint64_t horizon) {
  for_each_open_call([&](uint32_t chunk, std::span<const std::byte> call) {
    if (start_of(call) > horizon || may_be_void(number_of(call))) return;
    const CallKey key = key_of(chunk, call);
    if (running_.contains(key)) return;
    auto blobs = peek_arguments(header_of(chunk).pid, call, payload_limit_);
    append(settled_call(chunk, call), blobs);
    const auto serial = field<uint32_t>(record_, offsetof(CallRecord, serial));
    running_.emplace(key, Running{serial, std::move(blobs)});
    sorter->add_running({context_of(chunk), record_});
  });
}

void CollectorState::look_at_execs(uint64_t now) {
  for_each_open_call([&](uint32_t chunk, std::span<const std::byte> call) {
    const uint64_t open_ns = clock.duration_ns(start_of(call), now);
    if (is_exec(number_of(call)) && open_ns > kSettleNs)
      unseen_.exec_runs(header_of(chunk).pid, call, UnseenPrograms::Clock::now());
  });
}

void CollectorState::announce_losses(uint64_t now) {
  const uint64_t lost = region.header().lost.load(std::memory_order_relaxed);
  if (lost == last_lost_) return;
  last_lost_ = lost;
  std::byte record[sizeof(LostRecord)]{};
  set_field(record, 0, record_head(sizeof record, RecordKind::Lost, RecordState::Done));
  set_field(record, offsetof(LostRecord, start), clock.to_realtime_ns(now));
  set_field(record, offsetof(LostRecord, count), lost);
  pass_on({}, record);
}

void CollectorState::emit(uint64_t horizon) {
  if (!sorter) return;
  announce_running(horizon);
  sorter->release_until(clock.to_realtime_ns(horizon));
}

}  // namespace wireseam
