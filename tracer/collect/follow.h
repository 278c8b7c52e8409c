// SPDX-License-Identifier: Apache-2.0
// Runs a program to its end and collects what it and its descendants do meanwhile.
#pragma once

#include <cstdint>
#include <functional>

#include "tracer/collect/launch.h"
#include "tracer/collect/trace_source.h"

namespace wireseam {

struct FollowHooks {
  // After each time that the source was drained: what was printed may be flushed.
  std::function<void()> drained;
  // Ctrl-C was pressed when the program had ended, and so many others are still traced.
  std::function<void(size_t processes)> interrupted;
};

// Starts the program and drains the source until it and all its traced descendants have ended,
// or until the user asks to end. Returns the program's wait(2) status; kStatusUnknown where we are
// not its parent. Signals are the program's meanwhile (ProgramSignals).
int32_t follow(Program& program, const ProgramEnvironment& environment, TraceSource& source,
               const FollowHooks& hooks);

}  // namespace wireseam
