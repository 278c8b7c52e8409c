// SPDX-License-Identifier: Apache-2.0
// Where printed text goes: a descriptor that is there, a file, or the standard input of a command.
// When it fails (full disk, closed pipe) the failure is kept for whoever asks, and what is printed
// from then on goes nowhere: a traced program must not notice.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/error.h"
#include "common/fd.h"

namespace wireseam {

enum class FileStart : uint8_t { Truncate, Append };

enum class Color : uint8_t { Auto, Always, Never };

// Whether a target is a command: "|COMMAND", or "!COMMAND" as strace also has it.
bool is_command(std::string_view target);

class Output {
 public:
  // To a descriptor, which stays open when this goes. `name` is for errors.
  Output(int fd, std::string name);

  // To a file, which is made for its owner alone, or to `/bin/sh -c COMMAND` where the target is a
  // command. Throws Error.
  explicit Output(const std::string& target, FileStart start = FileStart::Truncate);

  // Flushes, and waits for the command to end.
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(std::string_view text) { buffer_.append(text); }

  // Writes what came together; waits where the other side is slow.
  void flush();

  // Why nothing is written any more.
  const std::optional<Error>& failure() const { return failure_; }

  bool is_terminal() const;

 private:
  void start_command(const char* command);

  Fd fd_;
  pid_t command_ = -1;
  std::string name_;
  std::string buffer_;
  std::optional<Error> failure_;
};

// Whether what goes there is to be coloured; Auto: on a terminal that can, unless the user's
// NO_COLOR says otherwise.
bool use_color(Color color, const Output& output);

}  // namespace wireseam
