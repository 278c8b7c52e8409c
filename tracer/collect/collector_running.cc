// SPDX-License-Identifier: Apache-2.0
// Calls that are being made: their records are open.
#include "tracer/collect/broken_pipe.h"
#include "tracer/collect/collector_state.h"
#include "tracer/collect/record_fields.h"

namespace wireseam {
namespace {

// Whether the shim may discard the call when it has returned, since it was for no socket.
bool may_be_void(CallNumber call) { return call == CallNumber::poll || call == CallNumber::ppoll; }

}  // namespace

template <typename Visit>
void CollectorState::for_each_open_call(Visit visit) {
  std::vector<ChunkReader::Open> open;
  for (uint32_t chunk = 0; chunk < chunks_.size(); ++chunk) {
    if (!is_in_use(chunk)) continue;
    open.clear();
    chunks_[chunk].reader.find_open(open);
    for (const ChunkReader::Open& call : open)
      if (record_size(call.head) >= sizeof(CallRecord)) visit(chunk, call);
  }
}

// The one call that SIGPIPE may have come from; after a long one it may have come from elsewhere.
std::optional<uint32_t> CollectorState::find_broken_pipe(uint32_t pid) {
  std::vector<uint32_t> found;
  for_each_open_call([&](uint32_t chunk, const ChunkReader::Open& open) {
    if (owner_of(chunk).pid != pid) return;
    const std::span<const std::byte> call = chunks_[chunk].reader.copy(open).bytes;
    const uint64_t open_ns = clock.duration_ns(start_of(call), clock.now());
    if (open_ns < 500 * kSettleNs && may_be_broken_pipe(call))
      found.push_back(place_of(chunk, open.offset));
  });
  return found.size() == 1 ? std::optional(found.front()) : std::nullopt;
}

void CollectorState::announce_running(uint64_t horizon) {
  for_each_open_call([&](uint32_t chunk, const ChunkReader::Open& open) {
    if (!running_.contains(place_of(chunk, open.offset))) announce(chunk, open, horizon);
  });
}

void CollectorState::announce(uint32_t chunk, const ChunkReader::Open& open, uint64_t horizon) {
  constexpr size_t kMaxRunningBytes = size_t{64} << 20;
  const std::span<const std::byte> call = chunks_[chunk].reader.copy(open).bytes;
  if (start_of(call) > horizon || may_be_void(number_of(call))) return;
  std::vector<std::byte> blobs;
  const auto process = processes.look_into(owner_of(chunk).pid);
  if (process && running_bytes_ < kMaxRunningBytes)
    blobs = peek_arguments(*process, owner_of(chunk).tid, call, payload_limit_);
  append(settled_call(chunk, open.offset, call), blobs);
  const auto serial = field<uint32_t>(record_, offsetof(CallRecord, serial));
  running_bytes_ += blobs.size();
  running_.emplace(place_of(chunk, open.offset), Running{serial, std::move(blobs)});
  sorter->add_running({context_of(chunk), record_});
}

void CollectorState::look_at_execs(uint64_t now) {
  for_each_open_call([&](uint32_t chunk, const ChunkReader::Open& open) {
    const std::span<const std::byte> call = chunks_[chunk].reader.copy(open).bytes;
    const uint64_t open_ns = clock.duration_ns(start_of(call), now);
    if (is_exec(number_of(call)) && open_ns > kSettleNs && processes.belongs(owner_of(chunk).pid))
      unseen_.exec_runs(owner_of(chunk).pid, call, UnseenPrograms::Clock::now());
  });
}

}  // namespace wireseam
