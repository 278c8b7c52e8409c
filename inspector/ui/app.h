// SPDX-License-Identifier: Apache-2.0
// The terminal inspector at work: waits for keys, packets and signals, and draws when there is
// something new, thirty times a second at most.
#pragma once

#include <functional>
#include <string>

#include "inspector/session/shared_session.h"
#include "inspector/ui/screen_selection.h"

namespace wireseam {

// What the app shows, and what it can't do itself.
struct AppFeed {
  SharedSession& session;
  std::string name;  // of the interface or the file
  bool live = false;
  int changed_fd = -1;                  // readable when the session has changed
  std::function<void()> accept_change;  // makes it unreadable until the next time
  std::function<void()> stop;           // the capture
  // Writes to a file; what is to be said of it.
  std::function<std::string(const Session&, const ScreenSelection&, const std::string& file)> write;
};

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
