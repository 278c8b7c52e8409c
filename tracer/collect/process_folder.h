// SPDX-License-Identifier: Apache-2.0
// A process's folder in /proc. Once opened it stays that process's, whoever gets its pid later.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/fd.h"

namespace wireseam {

class ProcessFolder {
 public:
  explicit ProcessFolder(uint32_t pid);

  // Whether there was such a process.
  explicit operator bool() const { return static_cast<bool>(folder_); }

  Fd open(const std::string& name) const;

  // All of a file; empty where it can't be read.
  std::string read(const std::string& name) const;

  // What stands in `status` behind "NAME:" and a tab; empty where there is none.
  std::string status(const std::string& name) const;

  // The pids that it has, from our PID namespace down to its own (NSpid); one where it is ours.
  std::vector<uint32_t> pids() const { return numbers("status"); }
  std::vector<uint32_t> tids(const std::string& tid) const {
    return numbers("task/" + tid + "/status");
  }
  // The names of its threads.
  std::vector<std::string> threads() const { return numbers_in("task"); }
  // Its descriptors; none where we may not know, and of one that has ended.
  std::vector<std::string> descriptors() const { return numbers_in("fd"); }

  // Where a link leads; empty where there is none.
  std::string link(const std::string& name) const;
  // An extended attribute of what is there (xattr(7)); empty where there is none.
  std::string attribute(const std::string& name, const char* attribute) const;

  // Fields of `stat`, by their numbers in proc(5), from 4.
  std::optional<uint64_t> stat_field(unsigned number) const;
  uint32_t parent() const { return static_cast<uint32_t>(stat_field(4).value_or(0)); }

 private:
  std::vector<uint32_t> numbers(const std::string& status_file) const;
  std::vector<std::string> numbers_in(const std::string& name) const;

  Fd folder_;
};

// The pids that can be seen in /proc.
std::vector<uint32_t> all_pids();

}  // namespace wireseam
