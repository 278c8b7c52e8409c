// SPDX-License-Identifier: Apache-2.0
// What the screens with a list have in common: a cursor in it, searching, problems, and a pane
// below that shows the selected line at length.
#pragma once

#include <string>
#include <string_view>

#include "inspector/ui/line.h"
#include "inspector/ui/list_cursor.h"
#include "inspector/ui/screen.h"
#include "inspector/ui/sideways.h"

namespace wireseam {

// A width for texts that are not to be cut off.
inline constexpr int kWholeWidth = 1000;

class ListScreen : public Screen {
 public:
  void update(const Session& session, const Focus& focus, Size size) override;
  void draw(const Session& session, const Focus& focus, const Area& area) const override;
  Outcome act(Action action, uint64_t count, const Session& session, Focus& focus) override;
  bool search(const Session& session, const Focus& focus, Action action) override;
  std::optional<uint64_t> key() const override { return list_.key(); }
  bool go_to_key(uint64_t key) override { return list_.go_to_key(key); }
  std::string selected_text(const Session& session) const override;
  bool follows() const override { return list_.follow; }
  void click(int row, int column) override;
  void reset(Start start) override;

 protected:
  // Brings `list` up to date.
  virtual void collect(const Session& session, const Focus& focus, ListCursor& list) = 0;
  // The line above the list.
  virtual Line heading(const Session& session, int width) const = 0;
  virtual Line line(const Session& session, uint64_t key, int width) const = 0;
  virtual bool is_problem_at(const Session& session, uint64_t key) const = 0;
  virtual Paper details(const Session& session, uint64_t key, int width) const = 0;
  // What stands in place of an empty list: lines.
  virtual std::string nothing(const Session& session, const Focus& focus) const = 0;
  // Of the rows that there are, so many are for the list with its heading.
  virtual int list_rows(int rows) const { return rows - rows * 2 / 5; }
  virtual Outcome enter(const Session& /*session*/, uint64_t /*key*/, Focus& /*focus*/) {
    return Outcome::Done;
  }
  virtual void click_heading(int /*column*/) {}
  // Gives the columns of the list their widths, now that its lines are known.
  virtual void place(const Session& /*session*/, int /*columns*/) {}
  ListCursor& list() { return list_; }
  const ListCursor& list() const { return list_; }
  // How many columns of the list are out of sight, at the left.
  int list_aside() const { return list_aside_.columns(); }

 private:
  enum class Pane : uint8_t { List, Details };

  int rows_of_list(int rows) const;
  void draw_list(const Session& session, const Focus& focus, const Area& area) const;
  static void draw_nothing(std::string_view text, const Area& area);
  void draw_details(const Session& session, const Area& area) const;
  void settle_sideways(const Session& session, int columns);
  Outcome scroll(Action action, uint64_t count);
  bool go_to_next(const Session& session, Action action, Action forward,
                  const std::function<bool(uint64_t)>& fits);

  ListCursor list_;
  Pane pane_ = Pane::List;
  bool maximised_ = false;
  Sideways list_aside_;
  Sideways detail_aside_;
  size_t scrolled_ = 0;  // lines of the details
  size_t detail_lines_ = 0;
  size_t detail_rows_ = 1;
  int list_height_ = 1;
  std::optional<uint64_t> detailed_;
};

}  // namespace wireseam
