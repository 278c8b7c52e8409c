// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/list_screen.h"

#include <algorithm>

#include "inspector/ui/search.h"

namespace wireseam {
namespace {

constexpr size_t kMostSearched = 200'000;  // lines; more would make the keys wait
constexpr int kSmallest = 8;               // rows that are parted between list and details

}  // namespace

int ListScreen::rows_of_list(int rows) const {
  if (maximised_) return pane_ == Pane::List ? rows : 0;
  if (rows < kSmallest) return pane_ == Pane::List ? rows : 0;
  return list_rows(rows);
}

void ListScreen::update(const Session& session, const Focus& focus, Size size) {
  collect(session, focus, list_);
  const int rows = rows_of_list(size.rows);
  list_height_ = std::max(1, rows - 1);
  list_.settle(list_height_);
  place(session, size.columns);
  detail_rows_ = static_cast<size_t>(std::max(1, size.rows - rows - 1));
  if (list_.key() != detailed_) scrolled_ = 0;
  detailed_ = list_.key();
  detail_lines_ = detailed_ ? details(session, *detailed_, size.columns).lines : 0;
  scrolled_ = std::min(scrolled_, detail_lines_ > detail_rows_ ? detail_lines_ - detail_rows_ : 0);
  settle_sideways(session, size.columns);
}

void ListScreen::settle_sideways(const Session& session, int columns) {
  list_aside_.begin();
  list_aside_.line(heading(session, columns));
  const size_t end = std::min(list_.keys.size(), list_.top() + static_cast<size_t>(list_height_));
  for (size_t at = list_.top(); at < end; ++at)
    list_aside_.line(line(session, list_.keys[at], columns));
  list_aside_.end(columns);
  detail_aside_.begin();
  const Paper paper = detailed_ ? details(session, *detailed_, columns) : Paper{};
  for (size_t at = scrolled_; at < std::min(paper.lines, scrolled_ + detail_rows_); ++at)
    detail_aside_.line(paper.line(at));
  detail_aside_.end(columns);
}

void ListScreen::draw(const Session& session, const Focus& focus, const Area& area) const {
  const int rows = list_.keys.empty() ? area.rows() : rows_of_list(area.rows());
  if (rows > 0) draw_list(session, focus, area.above(rows));
  if (rows < area.rows()) draw_details(session, area.below(rows));
}

void ListScreen::draw_list(const Session& session, const Focus& focus, const Area& area) const {
  const int aside = list_aside_.columns();
  heading(session, area.columns()).draw(area, 0, 0, aside);
  area.restyle(0, Style::Heading);
  if (list_.keys.empty()) draw_nothing(nothing(session, focus), area);
  for (int row = 1; row < area.rows(); ++row) {
    const size_t at = list_.top() + static_cast<size_t>(row) - 1;
    if (at >= list_.keys.size()) break;
    line(session, list_.keys[at], area.columns()).draw(area, row, 0, aside);
    if (at == list_.line()) area.restyle(row, Style::Selected);
  }
}

void ListScreen::draw_nothing(std::string_view text, const Area& area) {
  for (int row = 2; !text.empty(); ++row) {
    const size_t end = std::min(text.find('\n'), text.size());
    area.write(row, 2, text.substr(0, end), Style::Muted);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void ListScreen::draw_details(const Session& session, const Area& area) const {
  area.fill(0, area.unicode() ? U'─' : U'-',
            pane_ == Pane::Details ? Style::Heading : Style::Muted);
  if (!detailed_) return;
  const Paper paper = details(session, *detailed_, area.columns());
  if (paper.lines > detail_rows_)
    area.write_right(0, 0, area.columns() - 1,
                     " " + std::to_string(scrolled_ + 1) + "-" +
                         std::to_string(std::min(paper.lines, scrolled_ + detail_rows_)) + "/" +
                         std::to_string(paper.lines) + " Tab ",
                     Style::Muted);
  for (int row = 1; row < area.rows(); ++row) {
    const size_t at = scrolled_ + static_cast<size_t>(row) - 1;
    if (at < paper.lines) paper.line(at).draw(area, row, 0, detail_aside_.columns());
  }
}

Outcome ListScreen::act(Action action, uint64_t count, const Session& session, Focus& focus) {
  if (action == Action::NextPane || action == Action::PreviousPane) {
    pane_ = pane_ == Pane::List ? Pane::Details : Pane::List;
    return Outcome::Done;
  }
  if (action == Action::Maximise) {
    maximised_ = !maximised_;
    return Outcome::Done;
  }
  if (action == Action::NextProblem || action == Action::PreviousProblem) {
    const auto fits = [&](uint64_t key) { return is_problem_at(session, key); };
    return go_to_next(session, action, Action::NextProblem, fits) ? Outcome::Done
                                                                  : Outcome::Ignored;
  }
  if (action == Action::Follow) {
    list_.follow = !list_.follow;
    return Outcome::Done;
  }
  if (action == Action::Enter)
    return list_.key() ? enter(session, *list_.key(), focus) : Outcome::Ignored;
  Sideways& aside = pane_ == Pane::List ? list_aside_ : detail_aside_;
  if (aside.move(action, count)) return Outcome::Done;
  if (pane_ == Pane::Details) return scroll(action, count);
  return list_.move(action, count) ? Outcome::Done : Outcome::Ignored;
}

Outcome ListScreen::scroll(Action action, uint64_t count) {
  ListCursor lines;
  lines.keys.resize(detail_lines_ > detail_rows_ ? detail_lines_ - detail_rows_ + 1 : 1);
  lines.follow = false;
  lines.settle(static_cast<int>(detail_rows_));
  lines.go_to(scrolled_);
  if (!lines.move(action, count)) return Outcome::Ignored;
  scrolled_ = lines.line();
  return Outcome::Done;
}

bool ListScreen::go_to_next(const Session& /*session*/, Action action, Action forward,
                            const std::function<bool(uint64_t)>& fits) {
  const size_t size = list_.keys.size();
  const size_t most = std::min(size, kMostSearched);
  for (size_t step = 1; step < most; ++step) {
    const bool ahead = action == forward;
    if (ahead ? list_.line() + step >= size : step > list_.line()) return false;
    const size_t at = ahead ? list_.line() + step : list_.line() - step;
    if (!fits(list_.keys[at])) continue;
    list_.follow = false;
    list_.go_to(at);
    return true;
  }
  return false;
}

bool ListScreen::search(const Session& session, const Focus& focus, Action action) {
  return go_to_next(session, action, Action::SearchNext, [&](uint64_t key) {
    return contains_text(text_of(line(session, key, kWholeWidth)), focus.search);
  });
}

std::string ListScreen::selected_text(const Session& session) const {
  return list_.key() ? text_of(line(session, *list_.key(), kWholeWidth)) : "";
}

void ListScreen::click(int row, int column) {
  if (row == 0) {
    pane_ = Pane::List;
    click_heading(column + list_aside_.columns());
  } else if (row >= 1 && row <= list_height_) {
    pane_ = Pane::List;
    list_.follow = false;
    list_.go_to(list_.top() + static_cast<size_t>(row) - 1);
  } else if (row > list_height_) {
    pane_ = Pane::Details;
  }
}

void ListScreen::reset(Start start) {
  list_ = {};
  list_.follow = start == Start::Newest;
  scrolled_ = 0;
  list_aside_ = {};
  detail_aside_ = {};
}

}  // namespace wireseam
