// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/collect/scribbler.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>

namespace wireseam::test {
namespace {

class Random {
 public:
  explicit Random(uint32_t seed) : state_(seed * 0x9e3779b97f4a7c15u + 1) {}

  uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }
  uint32_t below(uint32_t bound) { return static_cast<uint32_t>(next() >> 32) % bound; }

  // Numbers at which code goes wrong, and any.
  uint64_t odd() {
    const std::array<uint64_t, 12> numbers{0,
                                           1,
                                           8,
                                           kChunkSize - 1,
                                           kMostChunks,
                                           INT32_MAX,
                                           UINT32_MAX,
                                           UINT64_MAX,
                                           static_cast<uint64_t>(getpid()),
                                           static_cast<uint64_t>(getppid()),
                                           below(64),
                                           next()};
    return numbers[below(numbers.size())];
  }

 private:
  uint64_t state_;
};

template <typename T>
void put(std::byte* at, T value) {
  std::memcpy(at, &value, sizeof value);
}

uint64_t now() {
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(time.tv_nsec);
}

class Scribble {
 public:
  Scribble(const OpenedRegion& region, uint32_t seed) : region_(region), random_(seed) {}

  [[noreturn]] void run() {
    for (;;) step();
  }

 private:
  void step() {
    switch (random_.below(6)) {
      case 0:
        return put(region_.bytes() + random_.below(sizeof(RegionHeader) / 4) * 4,
                   static_cast<uint32_t>(random_.odd()));
      case 1:
        return region_.owners()[some_chunk()].store(static_cast<uint32_t>(random_.odd()));
      case 2:
        return put(region_.chunk(some_chunk()) + random_.below(kChunkSize / 4) * 4,
                   static_cast<uint32_t>(random_.odd()));
      case 3:
        return noise();
      default:
        return records();
    }
  }

  uint32_t some_chunk() { return random_.below(kChunks); }

  void noise() {
    std::byte* chunk = region_.chunk(some_chunk());
    for (size_t i = 0; i < kChunkSize; i += 8) put(chunk + i, random_.next());
  }

  // As a thread writes them: a chunk that is taken, and records that may be.
  void records() {
    const uint32_t index = some_chunk();
    std::byte* chunk = region_.chunk(index);
    const bool is_own = random_.below(4) != 0;
    region_.take(index, is_own ? static_cast<uint32_t>(getpid()) : odd32(), odd32() & 0xffff);
    size_t at = sizeof(ChunkHeader);
    while (at + sizeof(CallRecord) < kChunkSize && random_.below(8) != 0) at += record(chunk + at);
  }

  uint32_t odd32() { return static_cast<uint32_t>(random_.odd()); }

  size_t record(std::byte* at) {
    const size_t room = kChunkSize - (reinterpret_cast<uintptr_t>(at) & (kChunkSize - 1));
    const size_t size = std::min(room, sizeof(CallRecord) + random_.below(40) * 8);
    for (size_t i = 8; i + 8 <= size; i += 8) put(at + i, random_.odd());
    const bool is_call = random_.below(3) != 0;
    const auto kind = is_call ? RecordKind::Call : static_cast<RecordKind>(random_.below(12));
    const auto state = static_cast<RecordState>(1 + random_.below(3));
    if (is_call) {
      put(at + offsetof(CallRecord, call), static_cast<uint16_t>(random_.below(120)));
      put(at + offsetof(CallRecord, flags), static_cast<uint16_t>(random_.below(64)));
      put(at + offsetof(CallRecord, start), now() - random_.below(1000));
      put(at + offsetof(CallRecord, end), now());
    }
    blobs(at, size);
    put(at, record_head(size, kind, state));
    return size;
  }

  void blobs(std::byte* record, size_t size) {
    for (size_t at = sizeof(CallRecord); at + sizeof(BlobHeader) <= size;) {
      const size_t stored = random_.below(4) == 0 ? odd32() : random_.below(64);
      const BlobHeader blob{static_cast<uint8_t>(random_.below(7)),
                            static_cast<BlobPart>(random_.below(8)), 0,
                            static_cast<uint32_t>(stored), random_.odd()};
      put(record + at, blob);
      at += sizeof blob + padded(random_.below(64));
    }
  }

  static constexpr uint32_t kChunks = 16;  // those that a collector looks at
  const OpenedRegion& region_;
  Random random_;
};

[[noreturn]] void scribble(const std::string& path, uint32_t seed) {
  const OpenedRegion region(path);
  constexpr uid_t kNobody = 65534;
  if (geteuid() == 0 && setresuid(kNobody, kNobody, kNobody) != 0) _exit(1);
  Scribble(region, seed).run();
}

}  // namespace

OpenedRegion::OpenedRegion(const std::string& path)
    : fd_(open(path.substr(0, path.find(kDoorSeparator)).c_str(), O_RDWR | O_CLOEXEC)) {
  struct stat status {};
  if (fstat(fd_, &status) != 0) std::abort();
  size_ = static_cast<size_t>(status.st_size);
  void* mapped = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0);
  if (mapped == MAP_FAILED) std::abort();
  bytes_ = static_cast<std::byte*>(mapped);
}

OpenedRegion::~OpenedRegion() {
  munmap(bytes_, size_);
  close(fd_);
}

void OpenedRegion::take(uint32_t index, uint32_t pid, uint32_t tid) const {
  auto* header = reinterpret_cast<ChunkHeader*>(chunk(index));
  header->pid = pid;
  header->tid = tid;
  header->process = 1;
  header->thread = tid;
  header->sequence = 0;
  header->index = index;
  header->ids = 0;
  owners()[index].store(tid);
  header->ready.store(1);
}

Scribbler::Scribbler(const std::string& region_path, uint32_t seed)
    : pid_(fork_running([&] { scribble(region_path, seed); })) {}

Scribbler::~Scribbler() { kill(); }

void Scribbler::kill() {
  if (!killed_) kill_and_reap(pid_);
  killed_ = true;
}

pid_t fork_running(const std::function<void()>& action) {
  const pid_t pid = fork();
  if (pid != 0) return pid;
  action();
  for (;;) pause();
}

void kill_and_reap(pid_t pid) {
  ::kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
}

}  // namespace wireseam::test
