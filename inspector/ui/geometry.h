// SPDX-License-Identifier: Apache-2.0
// Places and sizes on a screen, in cells.
#pragma once

namespace wireseam {

struct Size {
  int rows = 0;
  int columns = 0;

  bool operator==(const Size&) const = default;
};

struct Rect {
  int row = 0;
  int column = 0;
  Size size;
};

}  // namespace wireseam
