// SPDX-License-Identifier: Apache-2.0
// The terminal inspector at work: waits for keys, packets and signals, and draws when there is
// something new, thirty times a second at most.
#pragma once

#include "inspector/ui/app_feed.h"

namespace wireseam {

// While it lives, the signals that end, stop or resize a program wait to be read. To be made before
// any thread is started: they inherit it.
class HeldSignals {
 public:
  HeldSignals();
  ~HeldSignals();
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

// Returns when the user has ended it, or a signal. Throws Error where there is no terminal.
void run_app(const AppFeed& feed, const HeldSignals& signals);

}  // namespace wireseam
