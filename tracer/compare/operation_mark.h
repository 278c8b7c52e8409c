// SPDX-License-Identifier: Apache-2.0
// The marks by which an interpreter tells what its program does (tracer/run/python): it writes them
// to descriptor -1. The kernel refuses that, and the log has them, in their place among the calls
// of their thread.
#pragma once

#include <cstdint>
#include <optional>

#include "tracer/compare/compared_call.h"
#include "tracer/trace/event.h"

namespace wireseam {

struct OperationMark {
  bool begins = false;  // else the latest one of its thread ends
  uint64_t number = 0;  // the same: the operation before it goes on
  Operation operation;
};

// No value for any other call.
std::optional<OperationMark> operation_mark(const CallEvent& call);

}  // namespace wireseam
