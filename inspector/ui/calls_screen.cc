// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/calls_screen.h"

namespace wireseam {

std::string CallsScreen::title(const Session& /*session*/, const Focus& /*focus*/) const {
  return "no calls";
}

Paper CallsScreen::paper(const Session& /*session*/, const Focus& /*focus*/) const {
  return Paper::of({Line("  A capture has packets alone. The calls of a program are seen by"),
                    Line("  wireseam trace.", Style::BarKey)});
}

}  // namespace wireseam
