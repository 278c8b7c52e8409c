// SPDX-License-Identifier: Apache-2.0
// The descriptors of each process of a trace, and how fork, vfork, posix_spawn, clone and exec hand
// them on. Threads share a table until one makes it its own (unshare(2)); processes may share one.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_map>
#include <utility>

#include "tracer/trace/descriptors.h"
#include "tracer/trace/event.h"

namespace wireseam {

class ProcessDescriptors {
 public:
  // Of the thread that this event is of.
  Descriptors& of(const Event& event);

  // The same of a process's thread; nullptr where nothing is known of it.
  const Descriptors* find(uint32_t process, uint32_t tid) const;

  // unshare and close_range, which may give the thread a table of its own; before their effect.
  void parted(const Event& event, const CallEvent& call);

  void begin(const Event& event, const ProcessBeginEvent& begin);
  void end(const Event& event);

  // fork, vfork, posix_spawn and clone that returned in the parent. Keeps what the child inherits,
  // for its own beginning may be seen after the parent has gone on to close its copies.
  void forked(const Event& event, const CallEvent& call);

 private:
  using Table = std::shared_ptr<Descriptors>;

  struct Process {
    Table common;
    std::unordered_map<uint32_t, Table> own;  // by tid
    uint32_t first_tid = 0;                   // of those that made calls
    uint64_t begin_ns = 0;
    bool has_threads = false;

    const Table& of(uint32_t tid) const;
  };

  Table of_pid(uint32_t pid) const;
  Table inherited(uint32_t pid, const ProcessBeginEvent& begin);
  Table take_unborn(uint32_t pid);
  Process& process_of(const Event& event);

  // By index: one for each program, so that what an exec starts is another.
  std::unordered_map<uint32_t, Process> processes_;
  std::unordered_map<uint32_t, uint32_t> index_of_pid_;
  std::deque<std::pair<uint32_t, Table>> unborn_;  // by pid: forked, and not yet begun
  // By pid: the newest that ended, and when they began. A child's end may be seen before its
  // parent's fork returns.
  std::deque<std::pair<uint32_t, uint64_t>> gone_;
  uint32_t newest_ = 0;
  Process ended_{std::make_shared<Descriptors>(), {}};  // stands for all that have ended
};

}  // namespace wireseam
