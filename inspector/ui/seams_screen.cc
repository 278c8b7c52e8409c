// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/seams_screen.h"

namespace wireseam {

std::string SeamsScreen::title(const Session& /*session*/, const Focus& /*focus*/) const {
  return "seams";
}
void SeamsScreen::update(const Session&, const Focus&, Size) {}
void SeamsScreen::draw(const Session&, const Focus&, const Area&) const {}
Outcome SeamsScreen::act(Action, uint64_t, const Session&, Focus&) { return Outcome::Ignored; }
void SeamsScreen::reset(Start /*start*/) { direction_ = Direction::ToServer; }

}  // namespace wireseam
