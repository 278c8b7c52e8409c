// SPDX-License-Identifier: Apache-2.0
// What the collector believes of what lies in the region (docs/trust.md).
#include "tracer/collect/collector_state.h"

#include <utility>

#include "tracer/collect/record_fields.h"

namespace wireseam {
namespace {

// How far a time may lie before the trace or after now: clocks of CPUs may differ a little.
constexpr uint64_t kTimeSlackNs = 1'000'000'000;

// Calls can't be lost faster than all CPUs can make them.
constexpr uint64_t kMostLostInNs = 64;

// Copied field by field, once. No value where it is not written yet.
std::optional<ChunkOwner> read_owner(const std::byte* chunk) {
  const auto* header = reinterpret_cast<const ChunkHeader*>(chunk);
  if (header->ready.load(std::memory_order_acquire) == 0) return std::nullopt;
  const auto read = [](const uint32_t& field) { return __atomic_load_n(&field, __ATOMIC_RELAXED); };
  return ChunkOwner{.pid = read(header->pid),
                    .tid = read(header->tid),
                    .process = read(header->process),
                    .thread = read(header->thread),
                    .sequence = read(header->sequence),
                    .ids = read(header->ids)};
}

// Rises with each record that a thread writes.
uint64_t order_of(const ChunkOwner& owner, uint32_t offset) {
  return uint64_t{owner.sequence} * kChunkSize + offset;
}

}  // namespace

void CollectorState::damaged(const std::string& what) {
  if (told_damage_) return;
  told_damage_ = true;
  tell_losses(LostCause::Damage, clock.now());
  if (outputs.damaged) outputs.damaged(what);
}

void CollectorState::announce_losses(uint64_t now) {
  std::atomic<uint64_t>& said = region.header().lost;
  const uint64_t lost = said.load(std::memory_order_relaxed);
  if (lost == lost_) return;
  if (lost < lost_ || lost / kMostLostInNs > clock.duration_ns(begun_, now)) {
    said.store(lost_, std::memory_order_relaxed);
    return damaged("its count of lost calls can't be");
  }
  lost_ = lost;
  tell_losses(LostCause::NoRoom, now);
}

void CollectorState::tell_losses(LostCause cause, uint64_t now) {
  std::byte record[sizeof(LostRecord)]{};
  set_field(record, 0, record_head(sizeof record, RecordKind::Lost, RecordState::Done));
  set_field(record, offsetof(LostRecord, cause), cause);
  set_field(record, offsetof(LostRecord, start), clock.to_realtime_ns(now));
  set_field(record, offsetof(LostRecord, count), lost_);
  pass_on({}, record);
}

void CollectorState::notice_owners() {
  for (uint32_t chunk = 0; chunk < chunks_.size(); ++chunk) notice_owner(chunk);
}

// A thread may give back a chunk that it took in vain (a signal handler took another meanwhile).
void CollectorState::notice_owner(uint32_t chunk) {
  Chunk& known = chunks_[chunk];
  if (known.owner && known.reader.untouched() && !is_still_owned(chunk)) known.owner.reset();
  if (known.owner || region.owner(chunk) == 0) return;
  const auto written = read_owner(region.chunk(chunk));
  if (!written) return;
  const TracedProcesses::Found found = processes.find(*written);
  if (found.standing == Standing::Foreign) {
    damaged("it made up calls of process " + std::to_string(written->pid) +
            ", which is not traced");
    region.give_back(chunk);
    return;
  }
  known.as_written = *written;
  known.owner = found.owner;
  known.is_live = found.standing == Standing::Ours;
}

bool CollectorState::is_still_owned(uint32_t chunk) {
  return region.owner(chunk) != 0 && read_owner(region.chunk(chunk)) == chunks_[chunk].as_written;
}

void CollectorState::check_chunk(uint32_t chunk) {
  if (chunks_[chunk].reader.damaged()) damaged("there are records that the shim does not write");
  if (!is_still_owned(chunk)) damaged("it took away what belongs to another thread");
}

// A thread that died between taking a chunk and saying so leaves it for ever.
void CollectorState::take_back_unsaid(uint32_t chunk) {
  Chunk& known = chunks_[chunk];
  const uint32_t taker = region.owner(chunk);
  const bool is_unsaid = taker != 0 && !known.owner && !read_owner(region.chunk(chunk));
  const bool was_unsaid = std::exchange(known.is_unsaid, is_unsaid);
  if (is_unsaid && was_unsaid && !ProcessFolder(taker)) region.give_back(chunk);
}

// One that can't be, too late or before the trace, is as good as none. The clock may be set back
// where it is the wall's.
uint64_t CollectorState::checked_time(uint64_t reading) {
  const uint64_t slack = clock.ticks_of_ns(kTimeSlackNs);
  const bool is_late = reading > read_at_ + slack && reading > clock.now() + slack;
  const bool is_early = reading + slack < begun_;
  if (!is_late && !is_early) return reading;
  if (is_settable_) return is_late ? clock.now() : reading;
  damaged("its times can't be");
  return clock.now();
}

// The place comes from the region. It is that of a call of this thread, or nothing.
void CollectorState::take_more_bytes(uint32_t chunk, const Found& found) {
  const auto place = field<uint32_t>(found.bytes, offsetof(MoreBytesRecord, call));
  const uint64_t at = uint64_t{place} * 8;
  const uint64_t of = at / kChunkSize;
  if (of >= chunks_.size() || at % kChunkSize < sizeof(ChunkHeader))
    return damaged("bytes belong to no call");
  const auto& owner = chunks_[of].owner;
  if (!owner) return;  // its call was cut off
  if (owner->thread != owner_of(chunk).thread)
    return damaged("bytes belong to another thread's call");
  assembler_.add(order_of(owner_of(chunk), found.offset), found.bytes);
}

void CollectorState::forget_running(uint32_t place) {
  const auto running = running_.find(place);
  if (running == running_.end()) return;
  running_bytes_ -= running->second.blobs.size();
  running_.erase(running);
}

}  // namespace wireseam
