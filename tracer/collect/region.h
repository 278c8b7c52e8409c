// SPDX-License-Identifier: Apache-2.0
// The shared region as the collector sees it: it makes it, backs every page beforehand (the shim
// must never meet a SIGBUS), reads the chunks and gives them back. What lies in it was written by
// other processes and may be anything.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "common/fd.h"
#include "tracer/collect/collector_life.h"
#include "tracer/collect/region_door.h"
#include "tracer/trace/format.h"

namespace wireseam {

struct RegionOptions {
  uint32_t chunks = 1024;             // of kChunkSize bytes; a thread that has called holds one
  uint32_t max_chunks = kMostChunks;  // how far it may grow
  uint32_t payload_limit = 32;        // bytes of each buffer that are kept
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

  // What both sides write. Its numbers are for hints alone.
  RegionHeader& header() { return *header_; }

  // As the kernel knows the file, in stat(2) and in /proc/PID/maps.
  ino_t inode() const { return inode_; }

  // Gives it to the programs that ask for it.
  void serve() const { door_.serve(fd_.get()); }

  // Where a program finds it: the value of kRegionVariable.
  const std::string& path() const { return path_; }

  const std::string& shim_path() const { return options_.shim_path; }

  // How many it has, by our own count.
  uint32_t chunk_count() const { return chunk_count_; }

  // The word that says which tid took the chunk; 0: it is free. `chunk` is below chunk_count().
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

  // Whether what the collector alone writes is as it left it; if not, it is put right.
  bool is_intact();

 private:
  void make_file(uint32_t max_chunks);
  void back(uint32_t chunks);

  Fd fd_;
  RegionDoor door_;
  std::string path_;
  RegionOptions options_;
  ino_t inode_ = 0;
  uint32_t max_chunks_ = 0;
  uint32_t chunk_count_ = 0;
  RegionHeader* header_ = nullptr;
  std::byte* chunks_ = nullptr;
  std::optional<CollectorLife> life_;
};

}  // namespace wireseam
