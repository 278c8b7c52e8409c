// SPDX-License-Identifier: Apache-2.0
// All connections, a line each.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "inspector/ui/connection_columns.h"
#include "inspector/ui/list_screen.h"

namespace wireseam {

class ConnectionsScreen final : public ListScreen {
 public:
  std::string title(const Session& session, const Focus& focus) const override;
  ScreenSelection selection(const Session& session, const Focus& focus) const override;
  void reset(Start start) override;
  Outcome act(Action action, uint64_t count, const Session& session, Focus& focus) override;

 protected:
  void collect(const Session& session, const Focus& focus, ListCursor& list) override;
  Line heading(const Session& session, int width) const override;
  Line line(const Session& session, uint64_t key, int width) const override;
  bool is_problem_at(const Session& session, uint64_t key) const override;
  Paper details(const Session& session, uint64_t key, int width) const override;
  std::string nothing(const Session& session, const Focus& focus) const override;
  int list_rows(int rows) const override;
  Outcome enter(const Session& session, uint64_t key, Focus& focus) override;
  void place(const Session& session, int columns) override;
  void click_heading(int column) override;

 private:
  // What the list was made of.
  struct Collected {
    uint64_t version = 0;
    uint64_t now_ns = 0;
    size_t column = 0;
    bool descending = false;
  };

  // The connections as they were when a pause began.
  struct Held {
    std::map<uint64_t, ConnectionRecord> records;
    uint64_t now_ns = 0;
  };

  const std::map<uint64_t, ConnectionRecord>& records(const Session& session) const;
  const ConnectionRecord* find(const Session& session, uint64_t id) const;
  uint64_t now_ns(const Session& session) const;
  void hold(const Session& session, const Focus& focus);
  bool is_collected(const Session& session) const;

  std::optional<Held> held_;

  std::optional<Collected> collected_;
  size_t sort_column_ = 0;
  bool descending_ = false;
  std::vector<PlacedColumn> placed_;
  int rows_below_ = 0;
};

}  // namespace wireseam
