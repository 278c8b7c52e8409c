// SPDX-License-Identifier: Apache-2.0
// A client's two ends that are not the socket: where its messages come from and where the answers
// go. stdout gets the answers alone; prompts go to stderr, and only for a person at a terminal.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wireseam::samples {

// The arguments of the command line or, where there are none, the lines of stdin.
class Messages {
 public:
  Messages(std::vector<std::string> arguments, std::string prompt);

  // Shows the prompt and waits; no value at the end.
  std::optional<std::string> next();

 private:
  bool from_stdin_;
  std::vector<std::string> arguments_;
  size_t next_argument_ = 0;
  std::string prompt_;  // empty unless stdin is a terminal
};

// Writes to stdout, at once; print_line with a newline behind it.
void print(std::string_view text);
void print_line(std::string_view line);

}  // namespace wireseam::samples
