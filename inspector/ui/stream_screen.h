// SPDX-License-Identifier: Apache-2.0
// What was said on one connection, both directions, as text: it grows as the connection does.
#pragma once

#include "inspector/ui/list_screen.h"

namespace wireseam {

class StreamScreen final : public ListScreen {
 public:
  std::string title(const Session& session, const Focus& focus) const override;
  ScreenSelection selection(const Session& session, const Focus& focus) const override;
  void reset(Start start) override;

 protected:
  // A line's key: the segment's index and the number of the line in it.
  void collect(const Session& session, const Focus& focus, ListCursor& list) override;
  Line heading(const Session& session, int width) const override;
  Line line(const Session& session, uint64_t key, int width) const override;
  bool is_problem_at(const Session& session, uint64_t key) const override;
  Paper details(const Session& session, uint64_t key, int width) const override;
  std::string nothing(const Session& session, const Focus& focus) const override;
  int list_rows(int rows) const override;

 private:
  uint64_t seen_ = 0;
};

}  // namespace wireseam
