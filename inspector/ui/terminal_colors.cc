// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/terminal_colors.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>

#include <array>
#include <cstdlib>

namespace wireseam {
namespace {

constexpr short kDefault = -1;

// Of 256 colours those of middle brightness, which are readable on black and on white.
struct Look {
  Style style;
  attr_t attributes;
  attr_t without_colors;
  short of_256;
  short of_8;
};

constexpr std::array<Look, kStyles> kLooks = {{
    {Style::Plain, A_NORMAL, A_NORMAL, kDefault, kDefault},
    {Style::Bar, A_REVERSE, A_REVERSE, kDefault, kDefault},
    {Style::BarKey, A_BOLD, A_BOLD, kDefault, kDefault},
    {Style::Heading, A_BOLD, A_BOLD, kDefault, kDefault},
    {Style::Muted, A_NORMAL, A_NORMAL, 244, kDefault},
    {Style::Selected, A_REVERSE | A_BOLD, A_REVERSE | A_BOLD, kDefault, kDefault},
    {Style::Mark, A_UNDERLINE, A_UNDERLINE, 133, COLOR_MAGENTA},
    {Style::ToServer, A_NORMAL, A_NORMAL, 33, COLOR_CYAN},
    {Style::ToClient, A_NORMAL, A_NORMAL, 34, COLOR_GREEN},
    {Style::Good, A_NORMAL, A_NORMAL, 34, COLOR_GREEN},
    {Style::Note, A_NORMAL, A_BOLD, 172, COLOR_MAGENTA},
    {Style::Trouble, A_BOLD, A_BOLD, 160, COLOR_RED},
    {Style::Length, A_BOLD, A_BOLD, 133, COLOR_MAGENTA},
    {Style::Header, A_NORMAL, A_UNDERLINE, 33, COLOR_CYAN},
    {Style::Body, A_NORMAL, A_NORMAL, 34, COLOR_GREEN},
    {Style::Edge, A_BOLD, A_BOLD, 160, COLOR_RED},
}};

bool colored = false;

// no-color.org
bool is_color_wanted() {
  const char* no_color = std::getenv("NO_COLOR");
  return no_color == nullptr || *no_color == '\0';
}

}  // namespace

void prepare_colors() {
  colored = is_color_wanted() && has_colors() && start_color() == OK && use_default_colors() == OK;
  if (!colored) return;
  for (size_t i = 0; i < kLooks.size(); ++i)
    init_pair(static_cast<short>(i + 1), COLORS >= 256 ? kLooks[i].of_256 : kLooks[i].of_8,
              kDefault);
}

Attributes attributes_of(Style style) {
  const auto index = static_cast<size_t>(style);
  const Look& look = kLooks[index];
  if (!colored) return {look.without_colors, 0};
  return {look.attributes, static_cast<short>(index + 1)};
}

}  // namespace wireseam
