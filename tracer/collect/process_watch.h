// SPDX-License-Identifier: Apache-2.0
// Knows which traced processes run, and learns when one has ended and how: from waitpid(2) where it
// is our child, from what it said itself when it left, or only that it is gone.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "common/fd.h"
#include "tracer/trace/format.h"

namespace wireseam {

class ProcessWatch {
 public:
  void begin(uint32_t pid, uint32_t process);

  // The same of one that has ended before anybody could look at it: its pid may be another's now.
  void begin_ended(uint32_t pid, uint32_t process);

  // These are traced, too, but have not begun yet; no others.
  void expect(const std::vector<uint32_t>& pids);

  // The process called exit with this status; it may still take a while to end.
  void will_exit(uint32_t pid, int status);

  // It was reaped with this status, maybe before we heard that it had begun.
  void reaped(uint32_t pid, int32_t status);

  // The pids of those that have ended and have not been forgotten, the youngest first.
  std::vector<uint32_t> gone();

  // Whether the status of one that is gone is known, or has been waited for long enough: whoever
  // reaps it may be about to tell.
  bool may_be_told(uint32_t pid) const;

  // Whether it is known to have been killed by this signal.
  bool was_killed_by(uint32_t pid, int signal) const;

  // Its wait(2) status, or kStatusUnknown.
  int32_t forget(uint32_t pid);

  // Which program runs under this pid; 0: none that is known.
  uint32_t process_of(uint32_t pid) const;

  // Whether a program runs under this pid that had not ended before it could be looked at.
  bool has_live(uint32_t pid) const;

  // Those that have begun and those that are expected.
  size_t running() const { return processes_.size(); }
  bool only_expects() const;

 private:
  struct Process {
    uint32_t index = 0;  // 0: it has not begun
    Fd pidfd;
    bool has_ended = false;  // before it had a pidfd
    std::optional<int32_t> exit_status;
    std::optional<int32_t> wait_status;
    std::optional<std::chrono::steady_clock::time_point> gone_since;
  };

  Process& enter(uint32_t pid, uint32_t process);
  static bool has_ended(uint32_t pid, const Process& process);

  std::map<uint32_t, Process> processes_;  // by pid
  std::map<uint32_t, int32_t> early_;      // statuses of processes that have not begun for us
};

}  // namespace wireseam
