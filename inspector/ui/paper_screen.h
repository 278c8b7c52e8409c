// SPDX-License-Identifier: Apache-2.0
// A screen that is a text to be scrolled through.
#pragma once

#include "inspector/ui/line.h"
#include "inspector/ui/list_cursor.h"
#include "inspector/ui/screen.h"
#include "inspector/ui/sideways.h"

namespace wireseam {

class PaperScreen : public Screen {
 public:
  void update(const Session& session, const Focus& focus, Size size) override;
  void draw(const Session& session, const Focus& focus, const Area& area) const override;
  Outcome act(Action action, uint64_t count, const Session& session, Focus& focus) override;
  bool search(const Session& session, const Focus& focus, Action action) override;

 protected:
  virtual Paper paper(const Session& session, const Focus& focus) const = 0;

 private:
  Paper paper_;  // as the last update found it; in a pause as it was
  bool held_ = false;
  ListCursor top_;  // the line at the top of the screen
  Sideways aside_;
};

}  // namespace wireseam
