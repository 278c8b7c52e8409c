// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/region.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstring>
#include <new>

#include "common/error.h"
#include "tracer/collect/seccomp_filters.h"

namespace wireseam {
namespace {

// What stands in kRegionVariable of the filters that we are under.
std::string own_filters() {
  const uint32_t count = seccomp_filters("self").value_or(0);
  return count == 0 ? "" : kFiltersSeparator + std::to_string(count);
}

std::atomic<uint32_t>* owners(RegionHeader* header) {
  return reinterpret_cast<std::atomic<uint32_t>*>(reinterpret_cast<std::byte*>(header) +
                                                  kOwnersOffset);
}

// It counts as a file for `ulimit -f`.
uint32_t chunks_allowed() {
  rlimit limit{};
  if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kMostChunks;
  return chunks_in(limit.rlim_cur);
}

void check(const RegionOptions& options) {
  const std::string& shim = options.shim_path;
  if (shim.size() >= kMaxPreload) throw Error("cannot use shim", shim, ENAMETOOLONG);
}

}  // namespace

Region::Region(const RegionOptions& options)
    : fd_(memfd_create("wireseam-region", MFD_CLOEXEC | MFD_ALLOW_SEALING)),
      options_(options),
      max_chunks_(std::min({options.max_chunks, kMostChunks, chunks_allowed()})) {
  if (!fd_) throw Error("cannot create the shared region: memfd_create", errno);
  check(options);
  back(std::min(options.chunks, options.max_chunks));
  make_file(std::max(max_chunks_, chunk_count_));
  // All that it may become is mapped at once; what is not backed yet is not touched.
  void* mapped =
      mmap(nullptr, region_size(max_chunks_), PROT_READ | PROT_WRITE, MAP_SHARED, fd_.get(), 0);
  if (mapped == MAP_FAILED) throw Error("cannot map the shared region: mmap", errno);
  chunks_ = static_cast<std::byte*>(mapped) + kChunksOffset;
  header_ = new (mapped) RegionHeader{};
  header_->magic = kRegionMagic;
  header_->version = kRegionVersion;
  header_->clock = options.clock;
  header_->payload_limit = options.payload_limit;
  header_->chunk_count = chunk_count_;
  life_.emplace(header_->collector);
  path_ = "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(fd_.get()) + own_filters() +
          door_.key();
}

Region::~Region() {
  if (header_ == nullptr) return;
  switch_off();
  life_.reset();
  munmap(header_, region_size(max_chunks_));
}

// It has its largest size from the beginning, most of it a hole, and keeps it: who made it shorter
// would have all who map it die of SIGBUS.
void Region::make_file(uint32_t max_chunks) {
  struct stat status {};
  if (ftruncate(fd_.get(), static_cast<off_t>(region_size(max_chunks))) != 0 ||
      fcntl(fd_.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0 ||
      fstat(fd_.get(), &status) != 0)
    throw Error("cannot make the shared region", errno);
  max_chunks_ = max_chunks;
  inode_ = status.st_ino;
}

void Region::back(uint32_t chunks) {
  const int error = posix_fallocate(fd_.get(), 0, static_cast<off_t>(region_size(chunks)));
  if (error == EFBIG)
    throw Error("cannot get memory for the shared region", error)
        .with_cure("It counts as a file: let 'ulimit -f' allow some megabytes.");
  if (error != 0) throw Error("cannot get memory for the shared region", error);
  chunk_count_ = chunks;
}

bool Region::is_intact() {
  RegionHeader& header = *header_;
  bool intact = life_->is_intact();
  const auto expect = [&intact](auto& field, auto value) {
    if (field == value) return;
    intact = false;
    field = value;
  };
  expect(header.magic, kRegionMagic);
  expect(header.version, kRegionVersion);
  expect(header.clock, options_.clock);
  expect(header.payload_limit, options_.payload_limit);
  expect(header.chunk_count, chunk_count_);
  expect(header.off, 0u);
  return intact;
}

uint32_t Region::owner(uint32_t chunk) const {
  return owners(header_)[chunk].load(std::memory_order_acquire);
}

void Region::give_back(uint32_t index) {
  std::memset(chunk(index), 0, kChunkSize);
  owners(header_)[index].store(0, std::memory_order_release);
  header_->freed.fetch_add(1, std::memory_order_release);
}

void Region::wake_waiting() {
  if (header_->waiting.load(std::memory_order_relaxed) == 0) return;
  header_->freed.fetch_add(1, std::memory_order_release);
  syscall(SYS_futex, &header_->freed, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

bool Region::grow() {
  const uint32_t wanted = std::min(chunk_count_ * 2, max_chunks_);
  if (wanted == chunk_count_) return false;
  try {
    back(wanted);
  } catch (const Error&) {
    return false;  // it stays as large as it is, and calls are lost when there is no room
  }
  header_->chunk_count.store(wanted, std::memory_order_release);
  return true;
}

}  // namespace wireseam
