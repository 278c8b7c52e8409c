// SPDX-License-Identifier: Apache-2.0
// Which programs the loader does not put the shim into, or puts it into in vain, and how to say so.
// Looks at the file alone: what it does later (direct system calls, io_uring) is not known here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace wireseam {

enum class Obstacle : uint8_t {
  Static,      // no loader starts it
  Foreign,     // another processor's, or of another pointer size
  Privileged,  // setuid, setgid or with file capabilities: its loader ignores LD_PRELOAD (ld.so(8))
  Go,          // it takes the shim, and makes its system calls without libc
};

struct Untraceable {
  Obstacle obstacle;
  std::string reason;  // one line: what stands in the way and what to do
};

// What is wrong with such a program, behind its name and a blank: one line, with what to do. The
// machine may be empty.
std::string describe(Obstacle kind, const std::string& machine = {});

// Looks at what exec(2) would run: at a script's interpreter instead of the script. No value where
// nothing stands in the way, and where the file can't be read.
std::optional<Untraceable> find_obstacle(const std::string& path);

// The reason alone.
std::optional<std::string> why_untraceable(const std::string& path);

}  // namespace wireseam
