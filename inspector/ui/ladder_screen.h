// SPDX-License-Identifier: Apache-2.0
// One connection as a picture: the client at the left, the server at the right, time goes down, an
// arrow is a packet. Calls of either end stand at its side, where they are known.
#pragma once

#include <vector>

#include "inspector/ui/list_screen.h"

namespace wireseam {

class LadderScreen final : public ListScreen {
 public:
  std::string title(const Session& session, const Focus& focus) const override;
  ScreenSelection selection(const Session& session, const Focus& focus) const override;
  void go_to_packet(const Session& session, const Focus& focus, uint64_t packet) override;
  void go_to_call(const Session& session, const Focus& focus, uint64_t index) override;
  void reset(Start start) override;

 protected:
  void collect(const Session& session, const Focus& focus, ListCursor& list) override;
  Line heading(const Session& session, int width) const override;
  Line line(const Session& session, uint64_t key, int width) const override;
  bool is_problem_at(const Session& session, uint64_t key) const override;
  Paper details(const Session& session, uint64_t key, int width) const override;
  std::string nothing(const Session& session, const Focus& focus) const override;
  int list_rows(int rows) const override;
  Outcome enter(const Session& session, uint64_t key, Focus& focus) override;

 private:
  std::vector<uint64_t> new_steps(const Focus& focus, const ConnectionRecord& record);
  void merge(const Session& session, std::vector<uint64_t> steps);
  static Line call_line(const TracedCall& call, int width);
  Line packet_line(const Session& session, uint64_t key, int width) const;

  uint64_t connection_ = 0;
  uint64_t seen_ = 0;
  uint64_t seen_calls_ = 0;
};

}  // namespace wireseam
