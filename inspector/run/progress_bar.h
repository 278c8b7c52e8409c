// SPDX-License-Identifier: Apache-2.0
// Shows on a terminal's last line how much of a file has been read. Of no use elsewhere, where it
// shows nothing.
#pragma once

#include <chrono>
#include <cstdint>

namespace wireseam {

class ProgressBar {
 public:
  // On stderr, if that is a terminal.
  ProgressBar();
  // Leaves the line empty.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Draws a few times a second, however often it is called.
  void show(uint64_t done, uint64_t all);
  bool visible() const { return visible_; }

 private:
  bool visible_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace wireseam
