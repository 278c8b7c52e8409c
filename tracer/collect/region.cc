// SPDX-License-Identifier: Apache-2.0
#include "tracer/collect/region.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstring>
#include <new>

#include "common/error.h"
#include "tracer/collect/seccomp_filters.h"

namespace wireseam {
namespace {

size_t round_up(size_t size, size_t unit) { return (size + unit - 1) / unit * unit; }

// NUL-terminated; false where the text has no room.
template <size_t size>
bool copy_text(char (&target)[size], const std::string& text) {
  if (text.size() >= size) return false;
  std::memcpy(target, text.c_str(), text.size() + 1);
  return true;
}

// What stands in kRegionVariable of the filters that we are under.
std::string own_filters() {
  const uint32_t count = seccomp_filters("self").value_or(0);
  return count == 0 ? "" : kFiltersSeparator + std::to_string(count);
}

std::atomic<uint32_t>* owners(RegionHeader* header) {
  return reinterpret_cast<std::atomic<uint32_t>*>(reinterpret_cast<std::byte*>(header) +
                                                  kOwnersOffset);
}

}  // namespace

Region::Region(const RegionOptions& options)
    : fd_(memfd_create("wireseam-region", MFD_CLOEXEC)),
      chunks_offset_(round_up(kOwnersOffset + options.max_chunks * sizeof(uint32_t), kChunkSize)) {
  if (!fd_) throw Error("cannot create the shared region: memfd_create", errno);
  mapped_size_ = size_for(options.max_chunks);
  back(options.chunks);
  // All that it may become is mapped at once; what is not backed yet is not touched.
  void* mapped = mmap(nullptr, mapped_size_, PROT_READ | PROT_WRITE, MAP_SHARED, fd_.get(), 0);
  if (mapped == MAP_FAILED) throw Error("cannot map the shared region: mmap", errno);
  chunks_ = static_cast<std::byte*>(mapped) + chunks_offset_;
  header_ = new (mapped) RegionHeader{};
  header_->magic = kRegionMagic;
  header_->version = kRegionVersion;
  header_->chunk_count = options.chunks;
  header_->max_chunk_count = options.max_chunks;
  header_->chunks_offset = chunks_offset_;
  header_->clock = options.clock;
  header_->payload_limit = options.payload_limit;
  lock_while_alive();
  copy_text(header_->path, "/proc/" + std::to_string(getpid()) + "/fd/" +
                               std::to_string(fd_.get()) + own_filters() + door_.key());
  if (!copy_text(header_->preload, options.shim_path))
    throw Error("cannot use shim", options.shim_path, ENAMETOOLONG);
}

Region::~Region() {
  if (header_ == nullptr) return;
  switch_off();
  pthread_mutex_unlock(lock());
  munmap(header_, mapped_size_);
}

pthread_mutex_t* Region::lock() {
  return reinterpret_cast<pthread_mutex_t*>(header_->collector_lock);
}

// The kernel looks after the locks of a thread that dies (get_robust_list(2)).
void Region::lock_while_alive() {
  static_assert(sizeof(pthread_mutex_t) <= sizeof header_->collector_lock);
  static_assert(offsetof(pthread_mutex_t, __data.__lock) == 0);
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(lock(), &attributes);
  pthread_mutexattr_destroy(&attributes);
  pthread_mutex_lock(lock());
}

void Region::back(uint32_t chunks) {
  const auto size = static_cast<off_t>(size_for(chunks));
  const int error = posix_fallocate(fd_.get(), 0, size);
  if (error == EFBIG)
    throw Error("cannot get memory for the shared region", error)
        .with_cure("It counts as a file: let 'ulimit -f' allow some megabytes.");
  if (error != 0) throw Error("cannot get memory for the shared region", error);
  chunk_count_ = chunks;
}

ino_t Region::inode() const {
  struct stat file {};
  return fstat(fd_.get(), &file) == 0 ? file.st_ino : 0;
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
  const uint32_t wanted = std::min(chunk_count_ * 2, header_->max_chunk_count);
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
