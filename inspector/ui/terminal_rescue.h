// SPDX-License-Identifier: Apache-2.0
// Gives the terminal back where the program dies of a signal of its own making: a shell in raw mode
// would be of no use to anybody.
#pragma once

#include <termios.h>

#include <string>

namespace wireseam {

class TerminalRescue {
 public:
  // Keeps the settings of the terminal as they are now. There is one at a time.
  explicit TerminalRescue(int fd);
  ~TerminalRescue();
  TerminalRescue(const TerminalRescue&) = delete;
  TerminalRescue& operator=(const TerminalRescue&) = delete;

  // From now on a fatal signal writes `sequence` to the terminal and restores its settings.
  void arm(std::string sequence);

 private:
  static void rescue(int signal);

  int fd_;
  termios settings_{};
  std::string sequence_;
};

}  // namespace wireseam
