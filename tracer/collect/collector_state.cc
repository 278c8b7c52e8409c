// SPDX-License-Identifier: Apache-2.0
// From chunks into the timeline, and out of it.
#include "tracer/collect/collector_state.h"

#include <signal.h>

#include <algorithm>
#include <utility>

#include "common/error.h"
#include "tracer/collect/broken_pipe.h"
#include "tracer/collect/record_fields.h"

namespace wireseam {
namespace {

constexpr uint64_t kHousekeepingNs = 20'000'000;
constexpr uint64_t kSearchNs = 50'000'000;

bool is_gone(const ChunkOwner& owner) { return thread_is_gone({owner.pid, owner.tid}); }

}  // namespace

CollectorState::CollectorState(const RegionOptions& options, CollectorOutputs where)
    : region(options),
      clock(options.clock),
      outputs(std::move(where)),
      processes(region.inode(), watch),
      users(region.inode(), region.path()),
      callers_(processes),
      payload_limit_(options.payload_limit),
      unseen_(region.inode(), outputs.untraceable, outputs.why_untraceable),
      is_settable_(options.clock == RegionClock::Realtime),
      begun_(clock.now()) {
  constexpr size_t kHeldBytes = size_t{64} << 20;
  if (outputs.sink == nullptr) return;
  progress.emplace(*outputs.sink, region.header().progress);
  sorter.emplace(*progress, EventSorter::Window{.ns = UINT64_MAX, .bytes = kHeldBytes});
}

size_t CollectorState::count_in_use() const {
  size_t count = 0;
  for (uint32_t chunk = 0; chunk < chunks_.size(); ++chunk) count += region.owner(chunk) != 0;
  return count;
}

size_t CollectorState::read_chunk(uint32_t chunk) {
  std::vector<Found> found = std::exchange(found_, {});  // take() may read other chunks
  found.clear();
  chunks_[chunk].reader.find_done(found);
  check_chunk(chunk);
  for (const Found& record : found) take(chunk, record);
  const size_t count = found.size();
  found_ = std::move(found);
  return count;
}

size_t CollectorState::read_each_chunk() {
  notice_owners();
  size_t taken = 0;
  for (uint32_t chunk = 0; chunk < chunks_.size(); ++chunk)
    if (is_in_use(chunk)) taken += read_chunk(chunk);
  return taken;
}

template <typename Predicate>
void CollectorState::complete_calls(Predicate predicate) {
  std::erase_if(incomplete_, [&](const IncompleteCall& call) {
    if (!predicate(call)) return false;
    complete(call);
    return true;
  });
}

// The bytes of a call may lie in any chunk of its thread, written before the call was done. So
// after a second reading those of all calls found by the first are there; what only the second
// found stays for the next time, and so do the chunks where it lies. The second reading may close
// chunks of a program that was replaced, and completes their calls itself.
size_t CollectorState::read_chunks() {
  read_at_ = clock.now();
  while (chunks_.size() < region.chunk_count())
    chunks_.push_back({ChunkReader(region.chunk(static_cast<uint32_t>(chunks_.size())))});
  size_t taken = read_each_chunk();
  if (!incomplete_.empty()) {
    for (IncompleteCall& call : incomplete_) call.is_due = true;
    taken += read_each_chunk();
    complete_calls([](const IncompleteCall& call) { return call.is_due; });
  }
  std::set<uint32_t> kept;
  for (const IncompleteCall& call : incomplete_) kept.insert(call.chunk);
  for (uint32_t chunk = 0; chunk < chunks_.size(); ++chunk)
    if (is_in_use(chunk) && chunks_[chunk].reader.exhausted() && !kept.contains(chunk))
      close_chunk(chunk, 0);
  region.wake_waiting();
  return taken;
}

RecordContext CollectorState::context_of(uint32_t chunk) {
  const ChunkOwner& owner = owner_of(chunk);
  return {0, owner.pid, owner.tid, owner.process};
}

void CollectorState::take(uint32_t chunk, const Found& found) {
  switch (record_kind(found.head)) {
    case RecordKind::Call:
      return take_call(chunk, found);
    case RecordKind::MoreBytes:
      return take_more_bytes(chunk, found);
    case RecordKind::Process:
      return take_process(chunk, found);
    case RecordKind::Void:
      assembler_.take(place_of(chunk, found.offset));
      return;
    case RecordKind::Module:
      unseen_.loaded(owner_of(chunk).pid,
                     callers_.add_module(owner_of(chunk).process, found.bytes));
      return;
    case RecordKind::None:
    case RecordKind::ProcessEnd:
    case RecordKind::Lost:
    case RecordKind::UnseenSocket:
    case RecordKind::ChunkEnd:
    case RecordKind::Symbol:
      return;
  }
}

uint32_t CollectorState::next_serial(const ChunkOwner& owner) {
  if (serials_.is_full()) {
    std::set<uint32_t> writing;
    for (const Chunk& chunk : chunks_)
      if (chunk.owner) writing.insert(chunk.owner->thread);
    serials_.forget_gone(writing);
  }
  return serials_.next({owner.pid, owner.tid}, owner.thread);
}

std::vector<std::byte>& CollectorState::settled_call(uint32_t chunk, uint32_t offset,
                                                     std::span<const std::byte> record) {
  record_.assign(record.begin(), record.end());
  const uint64_t start = checked_time(start_of(record));
  const auto said_end = field<uint64_t>(record, offsetof(CallRecord, end));
  const uint64_t end = said_end > start ? checked_time(said_end) : start;
  const uint64_t start_ns = clock.to_realtime_ns(start);
  set_field(record_, offsetof(CallRecord, start), start_ns);
  set_field(record_, offsetof(CallRecord, end), start_ns + clock.duration_ns(start, end));
  const auto announced = running_.find(place_of(chunk, offset));
  const uint32_t serial =
      announced != running_.end() ? announced->second.serial : next_serial(owner_of(chunk));
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
    pass_on_returned(chunk, found, {});
}

void CollectorState::complete(const IncompleteCall& call) {
  if (record_state(call.found.head) == RecordState::Left)
    return take_cut_off(call.chunk, call.found, 0);
  const auto rest = assembler_.take(place_of(call.chunk, call.found.offset));
  pass_on_returned(call.chunk, call.found, rest);
}

void CollectorState::pass_on_returned(uint32_t chunk, const Found& found,
                                      const std::vector<std::byte>& more_blobs) {
  append(settled_call(chunk, found.offset, found.bytes), more_blobs);
  unseen_.returned(owner_of(chunk).pid, record_);
  if (makes_pid_namespace(record_)) processes.expect_namespaces();
  forget_running(place_of(chunk, found.offset));
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
void CollectorState::read_earlier_programs(const ChunkOwner& owner) {
  notice_owners();
  for (uint32_t chunk = 0; chunk < chunks_.size(); ++chunk)
    if (is_in_use(chunk) && owner_of(chunk).pid == owner.pid &&
        owner_of(chunk).process < owner.process)
      read_chunk(chunk);
}

// A program that begins under a pid that has one already has replaced it: what the old one still
// had open came to an end with it, its exec with success.
void CollectorState::take_process(uint32_t chunk, const Found& found) {
  if (found.bytes.size() < sizeof(ProcessRecord)) return;
  const ChunkOwner owner = owner_of(chunk);
  if (!callers_.may_begin(owner.process, owner.pid)) return damaged("a program has two processes");
  std::vector<std::byte> record(found.bytes.begin(), found.bytes.end());
  const uint64_t start = checked_time(field<uint64_t>(record, offsetof(ProcessRecord, start)));
  read_earlier_programs(owner);
  if (watch.process_of(owner.pid) != 0) {
    set_field(record, offsetof(ProcessRecord, cause), ProcessCause::Exec);
    close_chunks(
        [&](const ChunkOwner& other) {
          return other.pid == owner.pid && other.process < owner.process;
        },
        start);
  }
  const auto parent = field<uint32_t>(record, offsetof(ProcessRecord, parent));
  const bool is_copy =
      field<ProcessCause>(record, offsetof(ProcessRecord, cause)) != ProcessCause::Exec;
  const bool is_unknown = !is_copy && owner.process > 1 && watch.process_of(owner.pid) == 0;
  if (is_unknown && chunks_[chunk].is_live) unseen_.started(owner.pid);
  if (!is_copy) callers_.end(watch.process_of(owner.pid));
  callers_.begin(owner.process, owner.pid, is_copy ? watch.process_of(parent) : 0);
  if (chunks_[chunk].is_live)
    watch.begin(owner.pid, owner.process);
  else
    watch.begin_ended(owner.pid, owner.process);
  set_field(record, offsetof(ProcessRecord, start), clock.to_realtime_ns(start));
  pass_on(context_of(chunk), record);
}

// A call that its thread will not finish.
void CollectorState::take_cut_off(uint32_t chunk, const Found& open, uint64_t exec_end) {
  if (record_kind(open.head) != RecordKind::Call || open.bytes.size() < sizeof(CallRecord)) return;
  const CallNumber call = number_of(open.bytes);
  if (call == CallNumber::exit)
    watch.will_exit(owner_of(chunk).pid,
                    field<int32_t>(open.bytes, offsetof(CallRecord, arguments)));
  std::vector<std::byte> ended(open.bytes.begin(), open.bytes.end());
  const bool succeeded = is_exec(call) && exec_end != 0;
  const RecordState state = succeeded ? RecordState::Done : RecordState::Open;
  set_field(ended, 0, record_head(ended.size(), RecordKind::Call, state));
  if (record_state(open.head) != RecordState::Left) {
    const uint64_t end = call == CallNumber::exit ? start_of(ended) : clock.now();
    set_field(ended, offsetof(CallRecord, end), succeeded ? exec_end : end);
  }
  if (broken_pipe_ == place_of(chunk, open.offset)) end_with_broken_pipe(ended);
  if (is_exec(call) && succeeded)
    unseen_.exec_succeeded(owner_of(chunk).pid, ended);
  else if (is_exec(call) && !processes.has_namespaces())
    unseen_.exec_cut_off(owner_of(chunk).pid, ended);
  const uint32_t place = place_of(chunk, open.offset);
  append(settled_call(chunk, open.offset, ended), assembler_.take(place));
  if (const auto announced = running_.find(place); announced != running_.end())
    append(record_, announced->second.blobs);
  forget_running(place);
  pass_on_call(chunk);
}

// Gives back a chunk that has been read to its end.
void CollectorState::close_chunk(uint32_t chunk, uint64_t exec_end) {
  ChunkReader& reader = chunks_[chunk].reader;
  std::vector<ChunkReader::Open> rest;
  reader.find_open(rest);
  for (const ChunkReader::Open& open : rest) take_cut_off(chunk, reader.copy(open), exec_end);
  assembler_.forget(place_of(chunk, 0), place_of(chunk, kChunkSize));
  while (!running_.empty()) {
    const auto left = running_.lower_bound(place_of(chunk, 0));
    if (left == running_.end() || left->first >= place_of(chunk, kChunkSize)) break;
    forget_running(left->first);
  }
  chunks_[chunk] = {ChunkReader(region.chunk(chunk))};
  region.give_back(chunk);
}

// The chunks of threads that will write no more. A thread that is found to be gone may have taken
// another chunk just before: so it is looked twice.
template <typename Predicate>
std::set<uint32_t> CollectorState::find_chunks(Predicate predicate) {
  std::set<uint32_t> chunks;
  for (int times = 0; times < 2; ++times) {
    notice_owners();
    for (uint32_t chunk = 0; chunk < chunks_.size(); ++chunk)
      if (is_in_use(chunk) && !chunks.contains(chunk) && predicate(owner_of(chunk)))
        chunks.insert(chunk);
  }
  return chunks;
}

// Reads and gives them back. What is read may close some of them, which somebody else then takes.
template <typename Predicate>
void CollectorState::close_chunks(Predicate predicate, uint64_t exec_end) {
  const std::set<uint32_t> chunks = find_chunks(predicate);
  for (const uint32_t chunk : chunks)
    if (is_in_use(chunk)) read_chunk(chunk);
  complete_calls([&](const IncompleteCall& call) { return chunks.contains(call.chunk); });
  for (const uint32_t chunk : chunks)
    if (is_in_use(chunk) && predicate(owner_of(chunk))) close_chunk(chunk, exec_end);
}

void CollectorState::close_all_chunks() {
  close_chunks([](const ChunkOwner&) { return true; }, 0);
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

void CollectorState::note_ended_processes() {
  const std::vector<uint32_t> gone = watch.gone();
  if (!gone.empty()) notice_owners();  // a thread may have begun just before
  for (const uint32_t pid : gone) {
    const auto broken = find_broken_pipe(pid);
    if (broken && !watch.may_be_told(pid)) continue;
    broken_pipe_ = watch.was_killed_by(pid, SIGPIPE) ? broken : std::nullopt;
    close_chunks([pid](const ChunkOwner& owner) { return owner.pid == pid; }, 0);
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
  for (uint32_t chunk = 0; chunk < chunks_.size(); ++chunk) take_back_unsaid(chunk);
  if (count_in_use() > region.chunk_count() / 8 * 7) region.grow();
  region.wake_waiting();
}

void CollectorState::emit(uint64_t horizon) {
  if (!sorter) return;
  announce_running(horizon);
  sorter->release_until(clock.to_realtime_ns(horizon));
}

}  // namespace wireseam
