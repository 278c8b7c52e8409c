// SPDX-License-Identifier: Apache-2.0
// What a cell means; the terminal knows how that looks with the colours it has.
#pragma once

#include <cstdint>

namespace wireseam {

enum class Style : uint8_t {
  Plain,
  Bar,       // the lines at the top and the bottom
  BarKey,    // a key in them
  Heading,   // of columns and panes
  Muted,     // what is less important
  Selected,  // where the cursor is
  Mark,      // what was searched for
  ToServer,
  ToClient,
  Good,
  Note,
  Trouble,
  Length,  // the parts of a frame
  Header,
  Body,
  Edge,  // where one segment ends and the next begins
};

inline constexpr int kStyles = static_cast<int>(Style::Edge) + 1;

}  // namespace wireseam
