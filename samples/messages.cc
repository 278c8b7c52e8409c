// SPDX-License-Identifier: Apache-2.0
// Messages from arguments or stdin, answers to stdout. Knows no socket.
#include "samples/messages.h"

#include <errno.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "common/error.h"
#include "samples/program.h"
#include "samples/stop.h"

namespace wireseam::samples {

Messages::Messages(std::vector<std::string> arguments, std::string prompt)
    : from_stdin_(arguments.empty()), arguments_(std::move(arguments)) {
  if (from_stdin_ && isatty(STDIN_FILENO) != 0) prompt_ = std::move(prompt);
}

std::optional<std::string> Messages::next() {
  if (!from_stdin_) {
    if (next_argument_ == arguments_.size()) return std::nullopt;
    return arguments_[next_argument_++];
  }
  print_to_stderr(prompt_);
  std::string line;
  if (std::getline(std::cin, line)) return line;
  if (stop_requested()) throw Stopped();
  if (std::ferror(stdin) != 0) throw Error("read stdin", errno);
  return std::nullopt;
}

void print(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (!written || std::fflush(stdout) != 0) throw Error("write to stdout", errno);
}

void print_line(std::string_view line) { print(std::string(line) + '\n'); }

}  // namespace wireseam::samples
