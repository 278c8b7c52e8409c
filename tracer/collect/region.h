// SPDX-License-Identifier: Apache-2.0
// The shared region as the collector sees it: it makes it, backs every page beforehand (the shim
// must never meet a SIGBUS), reads the chunks and gives them back. What lies in it was written by
// other processes and may be anything.
#pragma once

#include <pthread.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "common/fd.h"
#include "tracer/collect/region_door.h"
#include "tracer/trace/format.h"

namespace wireseam {

struct RegionOptions {
  uint32_t chunks = 1024;       // of kChunkSize bytes; a thread that has called holds one
  uint32_t max_chunks = 12288;  // how far it may grow
  uint32_t payload_limit = 32;  // bytes of each buffer that are kept
  RegionClock clock = RegionClock::Realtime;
  std::string shim_path;  // put into LD_PRELOAD of the programs that are started
};

// It must be made by a thread that lives as long: programs take that one's end for the end of it
// all.
class Region {
 public:
  // Throws Error when there is no memory for it.
  explicit Region(const RegionOptions& options);
  ~Region();
  Region(const Region&) = delete;
  Region& operator=(const Region&) = delete;

  RegionHeader& header() { return *header_; }

  // Gives it to the programs that ask for it.
  void serve() const { door_.serve(fd_.get()); }

  // By which it is known in /proc/PID/maps.
  ino_t inode() const;

  // Where a program finds it: the value of kRegionVariable.
  std::string path() const { return header_->path; }

  uint32_t chunk_count() const { return chunk_count_; }

  // The tid that took the chunk; 0: it is free.
  uint32_t owner(uint32_t chunk) const;

  // The chunk's bytes, its header first.
  std::byte* chunk(uint32_t index) { return chunks_ + size_t{index} * kChunkSize; }

  // Clears the chunk and lets the next thread have it.
  void give_back(uint32_t chunk);

  // Wakes whoever waits for a free chunk.
  void wake_waiting();

  // Doubles the region, within its bounds; false when it can't.
  bool grow();

  // No program records any more.
  void switch_off() { header_->off.store(1, std::memory_order_release); }

 private:
  size_t size_for(uint32_t chunks) const { return chunks_offset_ + size_t{chunks} * kChunkSize; }
  void back(uint32_t chunks);
  pthread_mutex_t* lock();
  void lock_while_alive();

  Fd fd_;
  RegionDoor door_;
  size_t chunks_offset_ = 0;
  size_t mapped_size_ = 0;
  uint32_t chunk_count_ = 0;
  RegionHeader* header_ = nullptr;
  std::byte* chunks_ = nullptr;
};

}  // namespace wireseam
