// SPDX-License-Identifier: Apache-2.0
// The slow side of recording: new chunks, new threads, new processes, and a region without room.
#include "tracer/shim/recorder.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include <algorithm>
#include <optional>

#include "tracer/shim/environment.h"
#include "tracer/shim/raw_syscall.h"

namespace wireseam {
namespace {

// How long a call waits for a collector that does nothing before it counts as lost, how long for
// one that shows progress, which another process may have made up, and how often it looks.
constexpr uint64_t kLongestStallNs = 2'000'000'000;
constexpr uint64_t kLongestWaitNs = 10'000'000'000;
constexpr long kWaitStepNs = 10'000'000;

std::atomic<uint32_t>* owners(RegionHeader* region) {
  return reinterpret_cast<std::atomic<uint32_t>*>(reinterpret_cast<std::byte*>(region) +
                                                  kOwnersOffset);
}

// One that this thread has just taken. Its index is what we know; the one in its header is for the
// collector.
struct TakenChunk {
  RegionHeader* region;
  uint32_t index;

  std::byte* bytes() const { return reinterpret_cast<std::byte*>(region) + region_size(index); }
};

// The lowest free chunk: it is the one most likely to be in the cache and in the page table. The
// count is read before the mapping that has that many: another thread may be enlarging it.
std::optional<TakenChunk> find_free_chunk() {
  const uint32_t count = shim.mapped_chunks.load(std::memory_order_acquire);
  RegionHeader* region = shim.region.load(std::memory_order_acquire);
  if (region == nullptr) return std::nullopt;
  auto* owner = owners(region);
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t free = 0;
    if (owner[i].load(std::memory_order_relaxed) == 0 &&
        owner[i].compare_exchange_strong(free, thread_state.tid, std::memory_order_acquire))
      return TakenChunk{region, i};
  }
  return std::nullopt;
}

void give_back(const TakenChunk& chunk) {
  reinterpret_cast<ChunkHeader*>(chunk.bytes())->ready.store(0, std::memory_order_relaxed);
  owners(chunk.region)[chunk.index].store(0, std::memory_order_release);
}

// The collector has made the region larger: maps all of it a second time. mremap(2) with an old
// size of 0 does that without a descriptor; the first mapping stays, threads have their cursors
// there. Of several threads that do so at once one keeps what it mapped. No more is mapped than the
// file has, whatever the region says: to touch that would be a SIGBUS.
void map_growth() {
  RegionHeader* region = shim.region.load(std::memory_order_acquire);
  if (region == nullptr) return;
  const uint32_t count =
      std::min(region->chunk_count.load(std::memory_order_acquire), shim.chunks_in_file);
  if (count <= shim.mapped_chunks.load(std::memory_order_relaxed)) return;
  const size_t size = region_size(count);
  const long mapped =
      raw_syscall(SYS_mremap, raw_pointer(region), 0, static_cast<long>(size), MREMAP_MAYMOVE);
  if (mapped < 0 && mapped > -4096) return;
  auto* larger = reinterpret_cast<RegionHeader*>(mapped);
  if (shim.region.compare_exchange_strong(region, larger, std::memory_order_acq_rel))
    shim.mapped_chunks.store(count, std::memory_order_release);
  else
    raw_syscall(SYS_munmap, mapped, static_cast<long>(size));
}

bool collector_is_gone(RegionHeader* region) {
  return region->off.load(std::memory_order_relaxed) != 0 ||
         (region->collector.load(std::memory_order_acquire) & FUTEX_OWNER_DIED) != 0;
}

void futex_wait(std::atomic<uint32_t>& word, uint32_t value) {
  const timespec step{0, kWaitStepNs};
  raw_syscall(SYS_futex, raw_pointer(&word), FUTEX_WAIT, value, raw_pointer(&step));
}

void futex_wake(std::atomic<uint32_t>& word) {
  raw_syscall(SYS_futex, raw_pointer(&word), FUTEX_WAKE, 1);
}

// Until something was freed, or a moment is over.
void spin_until_freed(const RegionHeader* region, uint32_t freed) {
  constexpr int kSpins = 10'000;
  for (int i = 0; i < kSpins && region->freed.load(std::memory_order_relaxed) == freed; ++i)
#if defined(__x86_64__)
    __builtin_ia32_pause();
#else
    __asm__ volatile("yield");
#endif
}

// Asks for room and waits for what comes of it. The collector that sees somebody wait does not
// sleep, so where no system call is allowed it comes without being asked.
void wait_for_freed(RegionHeader* region, uint32_t freed) {
  if (is_sandboxed()) return spin_until_freed(region, freed);
  region->wanted.fetch_add(1, std::memory_order_release);
  futex_wake(region->wanted);
  futex_wait(region->freed, freed);
  map_growth();
}

uint64_t monotonic_ns() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

// Waits as long as the collector gets on with its work, within a bound: it may be printing what was
// recorded. Counts time and not steps, since signals and other threads that take what was freed
// end a single wait early.
class Patience {
 public:
  explicit Patience(RegionHeader* region)
      : region_(region), begun_ns_(monotonic_ns()), since_ns_(begun_ns_) {}

  bool is_over() {
    const uint32_t progress = region_->progress.load(std::memory_order_relaxed);
    const uint64_t now_ns = monotonic_ns();
    if (progress != progress_) since_ns_ = now_ns;
    progress_ = progress;
    return now_ns - since_ns_ > kLongestStallNs || now_ns - begun_ns_ > kLongestWaitNs;
  }

 private:
  RegionHeader* region_;
  uint64_t begun_ns_;
  uint64_t since_ns_;
  uint32_t progress_ = 0;
};

// Asks the collector for room and waits for it, within bounds. No value: the call is lost. Who has
// waited in vain does not wait again before it found room.
std::optional<TakenChunk> wait_for_chunk(RegionHeader* region) {
  uint32_t freed = region->freed.load(std::memory_order_relaxed);
  if (thread_state.lossy) return std::nullopt;
  Patience patience(region);
  region->waiting.fetch_add(1, std::memory_order_relaxed);
  auto chunk = find_free_chunk();
  while (!chunk && !patience.is_over()) {
    if (collector_is_gone(region)) {
      switch_off();
      break;
    }
    wait_for_freed(region, freed);
    freed = region->freed.load(std::memory_order_acquire);
    chunk = find_free_chunk();
  }
  region->waiting.fetch_sub(1, std::memory_order_relaxed);
  return chunk;
}

// No value: no room, or none since the last time that one was looked for in vain.
std::optional<TakenChunk> take_chunk(RegionHeader* region) {
  const uint32_t freed = region->freed.load(std::memory_order_relaxed);
  if (thread_state.lossy && thread_state.freed_at_loss == freed) return std::nullopt;
  auto chunk = find_free_chunk();
  if (!chunk) chunk = wait_for_chunk(region);
  thread_state.lossy = !chunk;
  thread_state.freed_at_loss = region->freed.load(std::memory_order_relaxed);
  return chunk;
}

// A number in decimal; moves `text` behind it.
uint32_t read_number(const char*& text) {
  uint32_t number = 0;
  for (; *text >= '0' && *text <= '9'; ++text)
    number = number * 10 + static_cast<uint32_t>(*text - '0');
  return number;
}

// The ids as the collector knows them: /proc is its own, even where this process lives in a PID
// namespace below. "/proc/thread-self" is a link to "PID/task/TID" (proc(5)).
void read_ids(uint32_t& pid, uint32_t& tid) {
  char link[64]{};
  const long length = raw_syscall(SYS_readlinkat, AT_FDCWD, raw_pointer("/proc/thread-self"),
                                  raw_pointer(link), sizeof link - 1);
  const char* text = link;
  pid = length > 0 ? read_number(text) : 0;
  while (*text != '\0' && (*text < '0' || *text > '9')) ++text;
  tid = read_number(text);
  if (pid != 0 && tid != 0) return;
  pid = static_cast<uint32_t>(raw_syscall(SYS_getpid));
  tid = static_cast<uint32_t>(raw_syscall(SYS_gettid));
}

// From 1. Zero means "none", and whoever writes the counter could make it so.
uint32_t next_index(std::atomic<uint32_t>& counter) {
  return std::max(counter.fetch_add(1, std::memory_order_relaxed) + 1, uint32_t{1});
}

// Whether the child that shared this thread's state has ended. Looks without reaping it; the child
// itself has no such child.
bool is_alone() {
  if (fork_page.process.load(std::memory_order_relaxed) == 0) thread_state.owner = 0;  // a copy
  if (thread_state.owner == 0) return true;
  if (is_sandboxed() || raw_syscall(SYS_getpid) != thread_state.owner) return false;
  siginfo_t child{};
  const long result = raw_syscall(SYS_waitid, P_PID, thread_state.sharer, raw_pointer(&child),
                                  WEXITED | WNOHANG | WNOWAIT | __WALL);
  if (thread_state.sharer == 0 || (result == 0 && child.si_pid == 0)) return false;
  thread_state.owner = 0;
  thread_state.epoch = fork_page.process.load(std::memory_order_relaxed);
  return true;
}

void identify_thread(RegionHeader* region, uint32_t epoch, uint32_t process) {
  read_ids(thread_state.pid, thread_state.tid);
  thread_state.thread = next_index(region->threads);
  thread_state.sequence = 0;
  thread_state.cursor = 0;
  thread_state.process = process;
  thread_state.epoch = epoch;
}

bool is_new_thread() {
  return thread_state.epoch == 0 ||
         thread_state.epoch != fork_page.process.load(std::memory_order_relaxed);
}

// Whoever comes first in a forked child announces it; the others find its index.
uint32_t current_process() {
  const uint32_t process = fork_page.process.load(std::memory_order_relaxed);
  if (process == 0) begin_process(ProcessCause::Fork);
  return fork_page.process.load(std::memory_order_relaxed);
}

void write_process_record(ProcessCause cause) {
  auto* record = reinterpret_cast<ProcessRecord*>(take(sizeof(ProcessRecord)));
  if (record == nullptr) return;
  record->cause = cause;
  record->start = read_clock(shim.clock);
  record->parent = static_cast<uint32_t>(raw_syscall(SYS_getppid));
  record->user = static_cast<uint32_t>(raw_syscall(SYS_geteuid));
  raw_syscall(SYS_prctl, PR_GET_NAME, raw_pointer(record->name));
  record->head.store(record_head(sizeof *record, RecordKind::Process, RecordState::Done),
                     std::memory_order_release);
}

// A chunk with its header written. No value: no room.
std::optional<TakenChunk> open_chunk(RegionHeader* region) {
  const auto chunk = take_chunk(region);
  if (!chunk) return chunk;
  auto* header = reinterpret_cast<ChunkHeader*>(chunk->bytes());
  header->index = chunk->index;
  header->ids = shim.ids;
  header->pid = thread_state.pid;
  header->tid = thread_state.tid;
  header->process = thread_state.process;
  header->thread = thread_state.thread;
  // At once, so that a signal handler's chunk has another one.
  header->sequence = __atomic_fetch_add(&thread_state.sequence, 1, __ATOMIC_RELAXED);
  header->ready.store(1, std::memory_order_release);
  return chunk;
}

// Gives this thread a new chunk. A signal handler may have done so meanwhile: then its one is used.
bool replace_chunk(RegionHeader* region) {
  const uint64_t cursor = thread_state.cursor;
  const auto chunk = open_chunk(region);
  if (!chunk) return false;
  const auto first = reinterpret_cast<uint64_t>(chunk->bytes()) + sizeof(ChunkHeader);
  if (!exchange_cursor(cursor, first)) {
    give_back(*chunk);
    return true;
  }
  if (cursor != 0 && room_behind(cursor) != 0)
    reinterpret_cast<std::atomic<uint32_t>*>(cursor)->store(
        record_head(8, RecordKind::ChunkEnd, RecordState::Done), std::memory_order_release);
  return true;
}

}  // namespace

std::byte* take_slow(size_t size) {
  while (RegionHeader* region = shim.region.load(std::memory_order_relaxed)) {
    if (region->off.load(std::memory_order_relaxed) != 0) {
      switch_off();
      break;
    }
    // To ask who it is could kill a new thread.
    if (!is_alone() || (is_new_thread() && is_sandboxed())) {
      region->lost.fetch_add(1, std::memory_order_relaxed);
      break;
    }
    const uint32_t process = current_process();
    if (thread_state.epoch != process) {
      forget_entered_calls();  // of a parent that was copied, whoever forked
      identify_thread(region, process, process);
    }
    const uint64_t cursor = thread_state.cursor;
    if (room_behind(cursor) >= size) {
      if (exchange_cursor(cursor, cursor + size)) return reinterpret_cast<std::byte*>(cursor);
    } else if (!replace_chunk(region)) {
      region->lost.fetch_add(1, std::memory_order_relaxed);
      break;
    }
  }
  return nullptr;
}

uint32_t OpenCall::place() const {
  const auto address = reinterpret_cast<uint64_t>(record_);
  const uint64_t in_chunk = address % kChunkSize;
  const auto* chunk = reinterpret_cast<const ChunkHeader*>(address - in_chunk);
  return static_cast<uint32_t>((uint64_t{chunk->index} * kChunkSize + in_chunk) / 8);
}

void begin_process(ProcessCause cause) {
  RegionHeader* region = shim.region.load(std::memory_order_relaxed);
  if (region == nullptr) return;
  uint32_t index = next_index(region->processes);
  if (index == thread_state.epoch) ++index;  // else a forked child would take itself for its parent
  uint32_t none = 0;
  if (fork_page.process.compare_exchange_strong(none, index)) write_process_record(cause);
}

void begin_sharing_state() {
  thread_state.sharer = 0;
  thread_state.owner = static_cast<int>(raw_syscall(SYS_getpid));
  thread_state.epoch = kNoEpoch;
}

void sharing_state_with(int child) {
  thread_state.sharer = child;
  if (child < 0) is_alone();  // there is none
}

namespace {

// A child of vfork may vfork in turn; deeper than this the records go to the wrong process.
constexpr int kVforkDepth = 4;
thread_local constinit ThreadState vfork_parents[kVforkDepth]
    __attribute__((tls_model("initial-exec"))) = {};
thread_local constinit int vfork_depth __attribute__((tls_model("initial-exec"))) = 0;

}  // namespace

void enter_vfork_child() {
  RegionHeader* region = shim.region.load(std::memory_order_relaxed);
  if (region == nullptr || vfork_depth == kVforkDepth) return;
  vfork_parents[vfork_depth++] = thread_state;
  thread_state.in_vfork_child = true;
  thread_state.child_sandboxes = 0;
  if (is_sandboxed()) {
    thread_state.epoch = kNoEpoch;  // its calls are counted as lost, as those of a new thread
    return;
  }
  const uint32_t index = next_index(region->processes);
  identify_thread(region, thread_state.epoch, index);
  write_process_record(ProcessCause::Vfork);
}

void leave_vfork_child() {
  if (vfork_depth > 0) {
    shim.sandboxes.fetch_sub(thread_state.child_sandboxes, std::memory_order_relaxed);
    thread_state = vfork_parents[--vfork_depth];
  }
  release_environment();
}

}  // namespace wireseam
