// SPDX-License-Identifier: Apache-2.0
// Looks from outside which processes have the shared region, whatever they said or did not say:
// one that was forked inside libc (daemon(3)) says nothing before its first call, which may be
// hours later.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace wireseam {

enum class RegionUse : uint8_t {
  Unknown,    // it is gone, or closed to us
  None,       // neither
  ShimAlone,  // the library is loaded, the region is not there: not yet, or out of its reach
  Region,     // it has it, so it is traced
};

// `region` is the inode of the region's file.
RegionUse look_for_region(uint32_t pid, ino_t region);

class RegionUsers {
 public:
  // `variable` is the value of kRegionVariable that names the region.
  RegionUsers(ino_t region, std::string variable)
      : region_(region), variable_(std::move(variable)) {}

  // The processes that have the region, but for us and our children, and those that are just being
  // loaded to have it. Costs a look at each process of the machine.
  std::vector<uint32_t> find();

 private:
  using Clock = std::chrono::steady_clock;

  bool is_user(uint32_t pid);
  bool is_being_loaded(uint32_t pid);

  ino_t region_;
  std::string variable_;
  std::map<uint32_t, Clock::time_point> loading_;  // since when, by pid
};

}  // namespace wireseam
