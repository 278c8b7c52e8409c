// SPDX-License-Identifier: Apache-2.0
// Finds out which programs of a trace are not seen, or not in full, and why; says so once for each
// process, as soon as it is known. What the shim noticed before an exec comes first: a short
// program is gone before anybody can look at it. That something takes long proves nothing.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "tracer/trace/format.h"

namespace wireseam {

// How much of a process, or of what it starts, is seen.
enum class Sight : uint8_t { None, Part };

class UnseenPrograms {
 public:
  using Tell = std::function<void(uint32_t pid, const std::string& reason, Sight sight)>;
  // Looks at a program's file (untraceable.h).
  using Why = std::function<std::optional<std::string>(const std::string& path)>;
  using Clock = std::chrono::steady_clock;

  // `region` is the inode of the shared memory, by which it is known who has it. Either function
  // may be empty: then nothing is told, or files are not looked at.
  UnseenPrograms(ino_t region, Tell tell, Why why)
      : region_(region), tell_(std::move(tell)), why_(std::move(why)) {}

  // The record of an exec whose new program has not said yet that it has begun; may be asked again.
  void exec_runs(uint32_t pid, std::span<const std::byte> exec, Clock::time_point now);

  // The new program has begun. The record is the exec's.
  void exec_succeeded(uint32_t pid, std::span<const std::byte> exec);

  // It never began, and its process is gone.
  void exec_cut_off(uint32_t pid, std::span<const std::byte> exec);

  // A process has begun that nobody was seen to execute.
  void started(uint32_t pid);

  // What was loaded at its start, in full.
  void loaded(uint32_t pid, std::string_view path);

  // A call has returned that may have made a program, or led past us what a socket moves.
  void returned(uint32_t pid, std::span<const std::byte> call);

  void ended(uint32_t pid);

 private:
  void tell(uint32_t pid, const std::string& reason);
  void tell_part(uint32_t pid, const char* reason);
  bool look_at_file(uint32_t pid);

  ino_t region_;
  Tell tell_;
  Why why_;
  std::set<uint32_t> told_;                        // pids
  std::map<uint32_t, Clock::time_point> without_;  // since when the shim was seen without region
  std::set<std::pair<uint32_t, const char*>> told_parts_;  // pids and reasons
};

}  // namespace wireseam
