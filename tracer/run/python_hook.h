// SPDX-License-Identifier: Apache-2.0
// The module that makes a Python interpreter tell its operations: found by each interpreter that is
// started with this environment, whatever it runs.
#pragma once

#include <string>

#include "tracer/collect/program_environment.h"

namespace wireseam {

class PythonHook {
 public:
  // Puts the module into a temporary folder. Throws Error.
  PythonHook();
  ~PythonHook();
  PythonHook(const PythonHook&) = delete;
  PythonHook& operator=(const PythonHook&) = delete;

  void add_to(ProgramEnvironment& environment) const;

 private:
  std::string folder_;
};

// The text of the module (python/sitecustomize.py).
extern const char* const kPythonHookText;

}  // namespace wireseam
