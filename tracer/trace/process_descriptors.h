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
  // Of the process that this event is of.
  Descriptors& of(const Event& event);

  // The same; nullptr where nothing is known of it.
  const Descriptors* find(uint32_t process) const;

  void begin(const Event& event, const ProcessBeginEvent& begin);
  void end(const Event& event);

  // fork, vfork and posix_spawn that returned in the parent. Keeps what the child inherits, for its
  // own beginning may be seen after the parent has gone on to close its copies.
  void forked(const Event& event, const CallEvent& call);

 private:
  const Descriptors* of_pid(uint32_t pid) const;
  Descriptors inherited(uint32_t pid, const ProcessBeginEvent& begin);
  std::optional<Descriptors> take_unborn(uint32_t pid);

  // By index: one for each program, so that what an exec starts is another.
  std::unordered_map<uint32_t, Descriptors> processes_;
  std::unordered_map<uint32_t, uint32_t> index_of_pid_;
  std::deque<std::pair<uint32_t, Descriptors>> unborn_;  // by pid: forked, and not yet begun
  uint32_t newest_ = 0;
  Descriptors ended_;  // stands for all that have ended
};

}  // namespace wireseam
