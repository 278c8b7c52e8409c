// SPDX-License-Identifier: Apache-2.0
// How each Style looks with the colours that the terminal has.
#pragma once

#include "inspector/ui/style.h"

namespace wireseam {

// After initscr(); without colours styles are made of bold, reverse and the like.
void prepare_colors();

// ncurses' attributes and its number of the pair.
struct Attributes {
  unsigned long attributes = 0;
  short pair = 0;
};

Attributes attributes_of(Style style);

}  // namespace wireseam
