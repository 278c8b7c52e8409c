// SPDX-License-Identifier: Apache-2.0
// The threads and processes of a strace log. A line names a thread at most; which process that is
// of follows from how it was made (clone, fork, vfork, execve), as far as the log has these calls.
// A thread that nobody was seen to make counts as a process of its own.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tracer/trace/event.h"

namespace wireseam {

// What a call that makes a thread or a process makes.
enum class Offspring : uint8_t { None, Thread, Fork, Vfork };

// By the call's name and its flags, as strace wrote them.
Offspring offspring_of(std::string_view name, std::string_view text);

// The name that the kernel gives to a program: /usr/bin/curl is curl.
std::string program_name(std::string_view path);

struct LogThread {
  uint32_t tid = 0;  // 0: the log doesn't name it
  uint32_t pid = 0;
  uint32_t process = 0;  // its index in the trace
  uint32_t serial = 0;   // of its latest call
  std::string program;   // its name, as far as an execve told it

  // A call whose end has not come yet.
  struct OpenCall {
    std::string name;
    std::string text;
    uint64_t start_ns = 0;
    uint32_t serial = 0;
    uint64_t instruction = 0;  // where it was made; 0: not told
  };
  std::optional<OpenCall> open;
  std::string interrupted_name;  // the call that restart_syscall(2) goes on with, and its arguments
  std::string interrupted_text;
  Offspring making = Offspring::None;  // what its open call makes, if that has not shown up yet
};

class LogThreads {
 public:
  // Whose line it is. A thread that shows up for the first time is new; `begin` then says how its
  // process began, unless that is known already.
  struct Found {
    LogThread* thread;
    std::optional<ProcessBeginEvent> begin;
  };
  Found find(std::optional<uint32_t> tid);

  // What `parent` has made, if it is not known already.
  Found made(const LogThread& parent, uint32_t tid, Offspring offspring);

  // The thread runs another program now: its process has a new index, and that thread alone.
  ProcessBeginEvent executes(LogThread& thread, std::string_view path);

  void end(const LogThread& thread);

  // All that have not ended, by tid.
  std::map<uint32_t, LogThread>& all() { return threads_; }

 private:
  LogThread& add(uint32_t tid);
  Found add_process(uint32_t tid, const LogThread* parent, Offspring offspring);
  LogThread* maker();
  LogThread* nameless(std::optional<uint32_t> tid);

  std::map<uint32_t, LogThread> threads_;
  uint32_t processes_ = 0;
};

}  // namespace wireseam
