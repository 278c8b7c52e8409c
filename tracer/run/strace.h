// SPDX-License-Identifier: Apache-2.0
// The command that runs a program under strace(1), so that the program is the process that was
// started and strace stands beside it (strace's -D): what its parent, a signal or the terminal sees
// is the program.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tracer/collect/launch.h"

namespace wireseam {

struct StraceRequest {
  std::vector<std::string> command;  // PROGRAM and its arguments
  std::string output;
  std::vector<std::string> environment_changes;  // of the program alone
  std::string user;
  uint32_t string_limit = 32;
  std::vector<std::string> options;  // more of strace's
};

// Throws Error where there is no strace, and CannotRun where there is no such program.
ProgramCommand strace_command(const StraceRequest& request);

// The system calls that calls.def knows, and what makes threads, as strace's -e trace= has it.
std::string traced_syscalls();

// Throws Error: strace has ended without a word about the program.
[[noreturn]] void refuse_silence();

}  // namespace wireseam
