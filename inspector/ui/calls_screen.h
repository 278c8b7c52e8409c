// SPDX-License-Identifier: Apache-2.0
// The calls of the connection that is looked at, or of all programs, as `wireseam trace` prints
// them.
#pragma once

#include "inspector/ui/list_screen.h"

namespace wireseam {

class CallsScreen final : public ListScreen {
 public:
  std::string title(const Session& session, const Focus& focus) const override;
  ScreenSelection selection(const Session& session, const Focus& focus) const override;
  Outcome act(Action action, uint64_t count, const Session& session, Focus& focus) override;
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
  enum class Scope : uint8_t { Connection, Everything };

  bool is_of_one(const Focus& focus) const {
    return focus.connection != 0 && scope_ == Scope::Connection;
  }
  void add(const Session& session, const Focus& focus, uint64_t index);

  Scope scope_ = Scope::Connection;
  Start start_ = Start::First;
  uint64_t seen_ = 0;  // in the connection's list, or in that of all
};

}  // namespace wireseam
