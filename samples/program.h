// SPDX-License-Identifier: Apache-2.0
// What every sample's main does: parse the command line, run, print "NAME: message" about what
// failed, and choose the exit status. Only main's return value ends a sample.
#pragma once

#include <functional>
#include <string>

#include "common/error.h"

namespace CLI {
class App;
}

namespace wireseam::samples {

// The command line is wrong: exit status 2.
class UsageError : public Error {
 public:
  using Error::Error;
};

// What run_program puts behind an argument that begins with '['; a positional takes it off again.
constexpr char kArgumentEnd = '\0';

// Parses argv and runs BODY, whose result is the exit status. 0 also for --help and for a program
// that a signal stopped (Stopped), 1 for an exception, 2 for usage.
int run_program(CLI::App& app, int argc, char** argv, const std::function<int()>& body);

// Throws nothing: where stderr cannot be written there is nobody to tell.
void print_to_stderr(const std::string& text);

// Prints "NAME: MESSAGE" to stderr, as warnx(3) does.
void warn(const std::string& message);

}  // namespace wireseam::samples
