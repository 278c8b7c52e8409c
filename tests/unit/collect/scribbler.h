// SPDX-License-Identifier: Apache-2.0
// A process that writes what it likes into a collector's region, as another user where it may.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "tracer/trace/format.h"

namespace wireseam::test {

// The region as who has opened it by its path sees it.
class OpenedRegion {
 public:
  explicit OpenedRegion(const std::string& path);
  ~OpenedRegion();
  OpenedRegion(const OpenedRegion&) = delete;
  OpenedRegion& operator=(const OpenedRegion&) = delete;

  int fd() const { return fd_; }
  std::byte* bytes() const { return bytes_; }
  RegionHeader& header() const { return *reinterpret_cast<RegionHeader*>(bytes_); }
  std::atomic<uint32_t>* owners() const {
    return reinterpret_cast<std::atomic<uint32_t>*>(bytes_ + kOwnersOffset);
  }
  std::byte* chunk(uint32_t index) const { return bytes_ + region_size(index); }

  // Takes a chunk, as a thread of this process says of itself that it does.
  void take(uint32_t chunk, uint32_t pid, uint32_t tid) const;

 private:
  int fd_;
  size_t size_ = 0;
  std::byte* bytes_ = nullptr;
};

// Does so until it is killed, in a child. What it writes follows from the seed alone.
class Scribbler {
 public:
  Scribbler(const std::string& region_path, uint32_t seed);
  ~Scribbler();
  Scribbler(const Scribbler&) = delete;
  Scribbler& operator=(const Scribbler&) = delete;

  pid_t pid() const { return pid_; }
  void kill();

 private:
  pid_t pid_;
  bool killed_ = false;
};

// A child that runs the action and then waits to be killed; `pid` is in use until it was reaped.
pid_t fork_running(const std::function<void()>& action);
void kill_and_reap(pid_t pid);

}  // namespace wireseam::test
