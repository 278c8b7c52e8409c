// SPDX-License-Identifier: Apache-2.0
// The files that a user names: a trace file, a log of strace, or the several that strace -ff makes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/fd.h"
#include "tracer/compare/strace_log.h"

namespace wireseam {

struct LogInput {
  Fd file;
  std::string name;
  std::string begun;  // what was read to see what it is

  bool is_trace() const;
};

// "-" is standard input. Throws Error.
LogInput open_log_input(const std::string& name);

// Brings all lines to the log, those of several files in the order of their times, and finishes it.
// `pause` is called now and then. Throws Error where one of several is a trace, and where no line
// is strace's.
void read_log(std::vector<LogInput> files, StraceLog& log, const std::function<void()>& pause);

}  // namespace wireseam
