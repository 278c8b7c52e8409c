// SPDX-License-Identifier: Apache-2.0
// The table of calls (calls.def) as data: names, the syscall behind, and the kind of each
// parameter. What a kind means is said in three switches: capture (shim), text, JSON.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "tracer/trace/format.h"
#include "tracer/trace/kinds.h"

namespace wireseam {

struct Parameter {
  std::string_view name;  // as in the man page; the JSON key
  ParameterKind kind;
};

struct CallInfo {
  CallNumber number;
  std::string_view name;
  std::string_view syscall;       // empty where no single one is behind it
  int syscall_number;             // on this machine; -1 where there is none
  std::string_view syscall_tail;  // what libc appends to its arguments, as strace prints it
  Traced traced;
  ResultKind result;
  std::array<Parameter, kMaxArguments> parameter_storage;
  size_t parameter_count;

  std::span<const Parameter> parameters() const {
    return std::span(parameter_storage).first(parameter_count);
  }
};

// All rows, by number.
std::span<const CallInfo> all_calls();

// The row with that number; nullptr for one that this version does not know.
const CallInfo* find_call(CallNumber number);

// The row with that libc name; nullptr where there is none.
const CallInfo* find_call(std::string_view name);

}  // namespace wireseam
