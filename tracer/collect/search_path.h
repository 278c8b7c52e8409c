// SPDX-License-Identifier: Apache-2.0
// Finds the file that a command name means, as execvp(3) and the shell do.
#pragma once

#include <string>
#include <string_view>

#include "common/error.h"

namespace wireseam {

// The program can't be started: the exit status is a shell's, 127 for one that isn't there and 126
// for one that can't be executed.
class CannotRun : public Error {
 public:
  CannotRun(std::string_view program, int errnum);

  int exit_status() const { return exit_status_for(errnum()); }

  static int exit_status_for(int errnum);
};

// NAME itself where it has a slash, else the first executable file of that name in the folders of
// `search_path` (PATH's value; an empty folder is the current one). Throws CannotRun.
std::string find_program(const std::string& name, std::string_view search_path);

}  // namespace wireseam
