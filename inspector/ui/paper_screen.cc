// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/paper_screen.h"

#include <algorithm>

#include "inspector/ui/search.h"

namespace wireseam {

void PaperScreen::update(const Session& session, const Focus& focus, Size size) {
  if (!held_ || !focus.is_paused()) paper_ = paper(session, focus);
  held_ = focus.is_paused();
  const size_t lines = paper_.lines;
  const auto rows = static_cast<size_t>(std::max(1, size.rows));
  const size_t tops = lines > rows ? lines - rows + 1 : 1;
  top_.follow = false;
  top_.keys.resize(tops);
  for (size_t i = 0; i < tops; ++i) top_.keys[i] = i;
  top_.settle(size.rows);
  aside_.begin();
  for (size_t at = top_.line(); at < std::min(lines, top_.line() + rows); ++at)
    aside_.line(paper_.line(at));
  aside_.end(size.columns);
}

void PaperScreen::draw(const Session& /*session*/, const Focus& /*focus*/, const Area& area) const {
  for (int row = 0; row < area.rows(); ++row) {
    const size_t at = top_.line() + static_cast<size_t>(row);
    if (at < paper_.lines) paper_.line(at).draw(area, row, 0, aside_.columns());
  }
}

Outcome PaperScreen::act(Action action, uint64_t count, const Session& /*session*/,
                         Focus& /*focus*/) {
  return aside_.move(action, count) || top_.move(action, count) ? Outcome::Done : Outcome::Ignored;
}

bool PaperScreen::search(const Session& /*session*/, const Focus& focus, Action action) {
  const bool ahead = action == Action::SearchNext;
  for (size_t step = 1; step < paper_.lines; ++step) {
    if (!ahead && step > top_.line()) return false;
    const size_t at = ahead ? top_.line() + step : top_.line() - step;
    if (at >= paper_.lines) return false;
    if (!contains_text(text_of(paper_.line(at)), focus.search)) continue;
    top_.go_to(at);
    return true;
  }
  return false;
}

}  // namespace wireseam
