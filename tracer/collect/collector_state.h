// SPDX-License-Identifier: Apache-2.0
// The collector's working parts; only collector*.cc include it.
#pragma once

#include <map>
#include <set>
#include <unordered_map>
#include <vector>

#include "tracer/collect/assembler.h"
#include "tracer/collect/callers.h"
#include "tracer/collect/chunk_reader.h"
#include "tracer/collect/clock_scale.h"
#include "tracer/collect/collector.h"
#include "tracer/collect/peek.h"
#include "tracer/collect/process_watch.h"
#include "tracer/collect/progress_sink.h"
#include "tracer/collect/region_users.h"
#include "tracer/collect/serials.h"
#include "tracer/collect/traced_processes.h"
#include "tracer/collect/unseen_programs.h"
#include "tracer/trace/event_sorter.h"
#include "tracer/trace/writer.h"

namespace wireseam {

// A record is committed at most this much after its call began, but for calls that take longer.
inline constexpr uint64_t kSettleNs = 2'000'000;

struct CollectorState {
  CollectorState(const RegionOptions& options, CollectorOutputs where);

  // Takes what is complete in every chunk; how many records that were.
  size_t read_chunks();

  // Looks after what costs system calls: threads and processes that have ended, calls that take
  // long.
  bool housekeeping_is_due(uint64_t now) const;
  void keep_house(uint64_t now);

  // Frees or makes chunks when there are few.
  void make_room(uint64_t now);

  // Passes on what took effect before the reading of the clock.
  void emit(uint64_t horizon);

  // Whatever ends the tracer, the file holds what happened up to a moment ago.
  void flush_file();

  void note_ended_processes();

  // Traced processes that have not ended, also those that nobody has heard of; costs a look at each
  // process of the machine where no other is left.
  size_t count_running();
  void close_all_chunks();

  // Tells how many calls a file lacks that failed.
  void tell_unwritten();

  // Tells how many calls were lost, where more have been since the last time.
  void announce_losses(uint64_t now);
  uint64_t lost() const { return lost_; }

  // A traced program has written into the region what the shim does not. Said once; what can still
  // be read is.
  void damaged(const std::string& what);

  Region region;
  ClockScale clock;
  CollectorOutputs outputs;
  ProcessWatch watch;
  TracedProcesses processes;
  RegionUsers users;
  size_t last_taken = 0;                 // by the last drain
  std::optional<ProgressSink> progress;  // where there is a sink, as is the next
  std::optional<EventSorter> sorter;

 private:
  using Found = ChunkReader::Found;

  // A chunk that a thread has taken. Who that is was copied and checked when it was first seen.
  struct Chunk {
    ChunkReader reader;
    std::optional<ChunkOwner> owner = std::nullopt;  // with the ids of our PID namespace
    ChunkOwner as_written{};
    bool is_unsaid = false;  // taken, but nobody had said by whom
    bool is_live = false;    // its process belongs to the trace and had not ended then
  };

  // A call some of whose bytes lie in other records, which may not have been read yet.
  struct IncompleteCall {
    uint32_t chunk;
    Found found;          // as long as the chunk is not closed
    bool is_due = false;  // all chunks are being read since
  };

  const ChunkOwner& owner_of(uint32_t chunk) const { return *chunks_[chunk].owner; }
  bool is_in_use(uint32_t chunk) const { return chunks_[chunk].owner.has_value(); }
  void notice_owners();
  void notice_owner(uint32_t chunk);
  bool is_still_owned(uint32_t chunk);
  void check_chunk(uint32_t chunk);
  void take_back_unsaid(uint32_t chunk);
  void tell_losses(LostCause cause, uint64_t now);
  uint64_t checked_time(uint64_t reading);
  bool is_of_same_thread(uint32_t chunk, uint32_t place) const;
  void take_more_bytes(uint32_t chunk, const Found& found);
  size_t count_in_use() const;
  size_t read_chunk(uint32_t chunk);
  size_t read_each_chunk();
  template <typename Predicate>
  std::set<uint32_t> find_chunks(Predicate predicate);
  template <typename Predicate>
  void close_chunks(Predicate predicate, uint64_t exec_end);
  void close_chunk(uint32_t chunk, uint64_t exec_end);

  void take(uint32_t chunk, const Found& found);
  void take_call(uint32_t chunk, const Found& found);
  void complete(const IncompleteCall& call);
  template <typename Predicate>
  void complete_calls(Predicate predicate);
  void read_earlier_programs(const ChunkOwner& owner);
  void take_process(uint32_t chunk, const Found& found);
  std::optional<uint32_t> find_broken_pipe(uint32_t pid);  // the place of its record
  void take_cut_off(uint32_t chunk, const Found& open, uint64_t exec_end);
  RecordContext context_of(uint32_t chunk);
  template <typename Action>
  void write_file(Action action);

  // A call's record as it goes into a file: copied, its times on the file's clock, with its serial.
  std::vector<std::byte>& settled_call(uint32_t chunk, uint32_t offset,
                                       std::span<const std::byte> record);
  void pass_on_returned(uint32_t chunk, const Found& found,
                        const std::vector<std::byte>& more_blobs);
  void forget_running(uint32_t place);
  void pass_on_call(uint32_t chunk);
  void pass_on(const RecordContext& context, std::span<const std::byte> record);
  void name_caller(const RecordContext& context, uint64_t address);

  // visit(chunk, ChunkReader::Open)
  template <typename Visit>
  void for_each_open_call(Visit visit);
  void announce(uint32_t chunk, const ChunkReader::Open& open, uint64_t horizon);
  void announce_running(uint64_t horizon);
  void look_at_execs(uint64_t now);
  void tell_end(uint32_t pid);

  // A call that was announced while it ran.
  struct Running {
    uint32_t serial = 0;
    std::vector<std::byte> blobs;  // what could be seen of its arguments
  };
  uint32_t next_serial(const ChunkOwner& owner);

  std::vector<Chunk> chunks_;
  std::vector<Found> found_;
  std::vector<IncompleteCall> incomplete_;
  std::vector<std::byte> record_;        // the one at hand
  std::optional<uint32_t> broken_pipe_;  // its place; of the process whose chunks are being closed
  BlobAssembler assembler_;
  Callers callers_;
  Serials serials_;
  std::map<uint32_t, Running> running_;  // by the place of the call's record
  size_t running_bytes_ = 0;
  uint32_t payload_limit_;
  UnseenPrograms unseen_;
  bool is_settable_;      // the region's clock
  uint64_t begun_;        // on it
  uint64_t read_at_ = 0;  // when the chunks were last read
  bool told_damage_ = false;
  uint64_t last_housekeeping_ = 0;
  uint64_t last_room_ = 0;
  uint64_t last_search_ = 0;
  bool file_failed_ = false;
  uint64_t unwritten_ = 0;  // calls since the last flush of the file
  uint64_t lost_ = 0;
};

}  // namespace wireseam
