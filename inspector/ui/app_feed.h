// SPDX-License-Identifier: Apache-2.0
// What is shown, and what whoever shows it can't do itself.
#pragma once

#include <functional>
#include <string>

#include "inspector/session/shared_session.h"
#include "inspector/ui/screen_selection.h"

namespace wireseam {

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

}  // namespace wireseam
