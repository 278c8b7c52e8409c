// SPDX-License-Identifier: Apache-2.0
// All packets, a line each, and the layers of the selected one.
#pragma once

#include "inspector/ui/list_screen.h"

namespace wireseam {

class PacketsScreen final : public ListScreen {
 public:
  std::string title(const Session& session, const Focus& focus) const override;
  void update(const Session& session, const Focus& focus, Size size) override;
  ScreenSelection selection(const Session& session, const Focus& focus) const override;
  void go_to_packet(const Session& session, const Focus& focus, uint64_t packet) override;
  void reset(Start start) override;

 protected:
  void collect(const Session& session, const Focus& focus, ListCursor& list) override;
  Line heading(const Session& session, int width) const override;
  Line line(const Session& session, uint64_t key, int width) const override;
  bool is_problem_at(const Session& session, uint64_t key) const override;
  Paper details(const Session& session, uint64_t key, int width) const override;
  std::string nothing(const Session& session, const Focus& focus) const override;
  Outcome enter(const Session& session, uint64_t key, Focus& focus) override;

 private:
  int end_width_ = 0;  // of the addresses that are shown
  uint64_t seen_ = 0;  // the index of the next packet that is to be looked at
};

}  // namespace wireseam
