// SPDX-License-Identifier: Apache-2.0
// How far a pane has been scrolled to the right, for lines that are too wide for it.
#pragma once

#include <algorithm>
#include <cstdint>

#include "inspector/ui/action.h"
#include "inspector/ui/line.h"

namespace wireseam {

class Sideways {
 public:
  // The columns that are out of sight, at the left.
  int columns() const { return columns_; }

  // False: it is no movement to a side.
  bool move(Action action, uint64_t count) {
    if (action != Action::Left && action != Action::Right) return false;
    const int step = kStep * static_cast<int>(std::clamp<uint64_t>(count, 1, kMostSteps));
    columns_ = std::max(0, columns_ + (action == Action::Right ? step : -step));
    return true;
  }

  // There are lines to be seen, in so many columns. The widest one stays in sight.
  void begin() { widest_ = 0; }
  void line(const Line& line) {
    if (columns_ > 0)
      widest_ = std::max({widest_, line.width(Charset::Unicode), line.width(Charset::Ascii)});
  }
  void end(int columns) { columns_ = std::min(columns_, std::max(0, widest_ - columns)); }

 private:
  static constexpr int kStep = 8;
  static constexpr uint64_t kMostSteps = 100'000;

  int columns_ = 0;
  int widest_ = 0;
};

}  // namespace wireseam
