// SPDX-License-Identifier: Apache-2.0
// Starts the program that is to be traced, so that it meets the descriptors, signal dispositions,
// signal mask and limits that it would meet without us.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "common/fd.h"
#include "tracer/collect/program_environment.h"

namespace wireseam {

struct ProgramCommand {
  std::string path;                    // the file to execute
  std::vector<std::string> arguments;  // argv, with the name that it is called by
  std::string user;                    // whom to become first; empty: it stays who we are
};

enum class ProgramParent : uint8_t {
  Tracer,  // it is a child of ours
  // It takes this very process, and what goes on as the tracer is a detached grandchild (strace's
  // -D), which is not told how the program ends.
  Caller,
};

// A program in two steps: the process exists, so that its pid is known and what it inherits is
// what we inherited; then, when all is ready to trace it, it is started. One that is not started
// ends with exit status 1 when this goes.
class Program {
 public:
  // Forks. Nothing may have changed dispositions, mask or limits before, and there must be no other
  // thread. Returns in the tracer only.
  Program(const ProgramCommand& command, ProgramParent parent);

  pid_t pid() const { return pid_; }
  ProgramParent parent() const { return parent_; }

  // A descriptor that becomes readable when it has ended (pidfd_open(2)); -1 on old kernels.
  int pidfd() const { return pidfd_.get(); }

  // Lets it execute. When that fails it says so on stderr and ends with 127 or 126.
  void start(const ProgramEnvironment& environment);

 private:
  pid_t pid_;
  ProgramParent parent_;
  Fd pidfd_;
  Fd starter_;  // the environment goes here
};

// Ends as a program with that wait(2) status ended: by the same signal, without leaving a core, or
// else returns the exit status that main is to return.
int end_like(int wait_status);

}  // namespace wireseam
