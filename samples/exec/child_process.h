// SPDX-License-Identifier: Apache-2.0
// A shell that runs in a process group of its own, and the reading ends of its output.
#pragma once

#include <sys/types.h>

#include <string>

#include "common/fd.h"

namespace wireseam::samples {

// Its destructor kills the whole group and waits for the shell, so that no zombie is left.
class ChildProcess {
 public:
  // Starts /bin/sh -c LINE. Throws Error with posix_spawn(3)'s errno, E2BIG for one that is too
  // long among them.
  explicit ChildProcess(const std::string& line);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  int pidfd() const { return pidfd_.get(); }  // readable when the shell has ended (pidfd_open(2))
  Fd& out() { return out_; }
  Fd& err() { return err_; }

  void kill_group() const;

  // Waits for the shell; its status as $? has it.
  int wait();

 private:
  Fd out_;
  Fd err_;
  pid_t pid_ = -1;
  Fd pidfd_;
};

}  // namespace wireseam::samples
