// SPDX-License-Identifier: Apache-2.0
// Traces a program by strace: for those that the shim can't be loaded into, such as static and Go
// programs. The events are those that a trace by the shim has, seen at the system calls.
#pragma once

#include <cstdint>

#include "tracer/collect/trace_program.h"

namespace wireseam {

// Runs the program to its end and returns its wait(2) status. Throws Error where there is no
// strace, or where it may not trace.
int32_t trace_via_strace(const TraceRequest& request, const Warn& warn);

}  // namespace wireseam
