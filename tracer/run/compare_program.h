// SPDX-License-Identifier: Apache-2.0
// Runs a program under the shim and under strace at once, and compares what both have seen; or
// compares two files that were taken earlier.
#pragma once

#include <string>
#include <vector>

#include "tracer/collect/trace_program.h"
#include "tracer/compare/comparison.h"

namespace wireseam {

struct CompareRequest {
  std::vector<std::string> command;  // PROGRAM and its arguments
  size_t string_limit = 32;          // bytes of a string that are shown
  bool python = false;               // what the program does in Python is to be told, too
};

struct ProgramComparison {
  Comparison comparison;
  int32_t status = 0;  // wait(2)'s, of the program
};

// Throws Error as trace_program and trace_via_strace do.
ProgramComparison compare_program(const CompareRequest& request, const Warn& warn);

// A trace file and what strace has printed of the same run, in one file or in those of -ff.
Comparison compare_files(const std::string& recording, const std::vector<std::string>& logs,
                         size_t string_limit, const Warn& warn);

}  // namespace wireseam
