// SPDX-License-Identifier: Apache-2.0
// What the program asked libc for beside what the kernel was asked: the rows of the table, thread
// by thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tracer/compare/compared_call.h"

namespace wireseam {

enum class Verdict : uint8_t {
  Same,
  Different,   // and it is known why
  InsideLibc,  // the program did not ask for it: a libc function needed it
  OutOfSight,  // made where the shim can't see it, and it is known why
  Unexplained,
};

// A libc call with the system calls behind it; or either alone.
struct ComparedRow {
  std::optional<size_t> libc{};    // of the thread's libc calls
  std::vector<size_t> syscalls{};  // of its system calls
  Verdict verdict = Verdict::Same;
  std::string words{};                // what differs
  std::optional<size_t> operation{};  // of the thread's operations
};

struct ThreadComparison {
  uint32_t tid = 0;
  uint32_t pid = 0;
  std::string program{};  // that began last in its process, as far as it is known
  ComparedThread libc{};
  ComparedThread kernel{};
  std::vector<ComparedRow> rows{};
};

struct ComparisonTotals {
  uint64_t pairs = 0;
  uint64_t differing = 0;    // of the pairs
  uint64_t inside_libc = 0;  // system calls, each
  uint64_t out_of_sight = 0;
  uint64_t unexplained = 0;  // rows
};

struct Comparison {
  std::vector<ThreadComparison> threads{};
  ComparisonTotals totals;
  uint64_t lost = 0;  // calls that the shim could not record
};

// What only the machine where the program ran can tell. Each may be empty.
struct ComparisonSources {
  // The exported function at that address of a library, or nothing.
  std::function<std::optional<std::string>(const std::string& module, uint64_t address)> symbol;
  // Why the shim was not in a program of that process.
  std::function<std::optional<std::string>(const ComparedProgram& program)> out_of_sight;
};

Comparison compare(Transcript libc, Transcript kernel, const ComparisonSources& sources);

}  // namespace wireseam
