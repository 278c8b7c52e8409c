// SPDX-License-Identifier: Apache-2.0
// The descriptors of each process of a trace, and how fork, vfork, posix_spawn and exec hand them
// on.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>

#include "tracer/trace/descriptors.h"
#include "tracer/trace/event.h"

namespace wireseam {

class ProcessDescriptors {
 public:
  // Of the process that made this call.
  Descriptors& of(const Event& event, const CallEvent& call);

  // The same; nullptr where nothing is known of it.
  const Descriptors* find(const Event& event, const CallEvent& call) const;

  void begin(const Event& event, const ProcessBeginEvent& begin);
  void end(const Event& event);

  // fork, vfork and posix_spawn that returned in the parent. Keeps what the child inherits, for its
  // own beginning may be seen after the parent has gone on to close its copies.
  void forked(const Event& event, const CallEvent& call);

 private:
  // One program: what an exec starts is another, with another index.
  struct Process {
    Descriptors descriptors;
    // Of a child made by vfork, until it execs: it shares its parent's memory, and so its place in
    // the trace, but not its descriptors.
    std::optional<Descriptors> vfork_child;
  };

  Process* process_of(uint32_t pid);
  Descriptors inherited(uint32_t pid, const ProcessBeginEvent& begin);
  std::optional<Descriptors> take_unborn(uint32_t pid);

  std::unordered_map<uint32_t, Process> processes_;  // by index
  std::unordered_map<uint32_t, uint32_t> index_of_pid_;
  std::deque<std::pair<uint32_t, Descriptors>> unborn_;  // by pid: forked, and not yet begun
  uint32_t newest_ = 0;
  Process ended_;  // stands for all that have ended
};

}  // namespace wireseam
