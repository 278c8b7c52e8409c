// SPDX-License-Identifier: Apache-2.0
// One line of strace's output, parted: who, when, and what kind of line it is. Written by any of
// strace's options for lines: -f with -o or without, -t, -tt, -ttt, -r, -n, -i, --decode-pids.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wireseam {

// What a line tells about its time.
struct LineTime {
  enum class Kind : uint8_t {
    None,
    Clock,     // -t, -tt: since midnight
    Epoch,     // -ttt
    Relative,  // -r: since the line before
  };

  Kind kind = Kind::None;
  uint64_t ns = 0;
  bool coarse = true;  // to the second, or not at all
};

// Its views point into the line.
struct LogLine {
  enum class Kind : uint8_t {
    Call,        // name(ARGUMENTS) = RESULT
    Resumed,     // <... name resumed>ARGUMENTS) = RESULT
    Signal,      // --- SIGCHLD {...} ---
    Ended,       // +++ exited with 0 +++, +++ killed by SIGKILL +++
    Superseded,  // +++ superseded by execve in pid N +++
    Attached,    // strace: Process N attached
    Remark,      // anything else that strace says
    Empty,
    Unreadable,
  };

  Kind kind = Kind::Unreadable;
  std::optional<uint32_t> tid;
  LineTime time;
  uint64_t instruction = 0;  // -i: where the call was made; 0 where that is not told
  std::string_view name;     // of a Call or what was Resumed
  std::string_view text;     // what follows "name(" or "resumed>", without "<unfinished ...>"
  bool unfinished = false;   // it goes on in a line that was Resumed
  int32_t status = 0;        // of an Ended: wait(2)'s status
  uint32_t other = 0;        // of an Attached: its tid
};

LogLine parse_log_line(std::string_view line);

}  // namespace wireseam
