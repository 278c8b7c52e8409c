// SPDX-License-Identifier: Apache-2.0
// Where the cursor stands in a list, and which part of the list is on the screen. Lines are known
// by keys that stay theirs when the list changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "inspector/ui/action.h"

namespace wireseam {

class ListCursor {
 public:
  std::deque<uint64_t> keys;  // of the lines, in the order in which they are shown
  bool follow = false;        // stays on the last line

  // Settles on the lines that there are now, `height` of which are shown.
  void settle(int height);

  // False: no movement. `count`: 0 where the user said none.
  bool move(Action action, uint64_t count);
  void go_to(size_t line);
  // False: there is no such line.
  bool go_to_key(uint64_t key);

  size_t line() const { return line_; }
  size_t top() const { return top_; }
  std::optional<uint64_t> key() const;

 private:
  size_t line_ = 0;
  size_t top_ = 0;
  size_t height_ = 1;
  uint64_t key_ = 0;  // of the line at the last settling
  bool known_ = false;
};

}  // namespace wireseam
