// SPDX-License-Identifier: Apache-2.0
// A line of text in several styles, and a paper of many such lines that are made when they are
// looked at.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "inspector/ui/canvas.h"

namespace wireseam {

struct Span {
  std::string text;
  Style style = Style::Plain;
};

class Line {
 public:
  Line() = default;
  explicit Line(std::string text, Style style = Style::Plain) { add(std::move(text), style); }

  Line& add(std::string text, Style style = Style::Plain) {
    spans_.push_back({std::move(text), style});
    return *this;
  }
  const std::vector<Span>& spans() const { return spans_; }

  int width(Charset charset) const {
    int columns = 0;
    for (const Span& span : spans_) columns += width_of(span.text, charset);
    return columns;
  }

  // Without its first `aside` columns.
  void draw(const Area& area, int row, int column = 0, int aside = 0) const {
    for (const Span& span : spans_) {
      column = area.write(row, column, span.text, span.style, aside);
      if (aside > 0) aside -= std::min(aside, width_of(span.text, area.charset()));
    }
  }

 private:
  std::vector<Span> spans_;
};

struct Paper {
  size_t lines = 0;
  std::function<Line(size_t)> line;

  static Paper of(std::vector<Line> lines) {
    const size_t count = lines.size();
    return {count, [kept = std::move(lines)](size_t index) { return kept[index]; }};
  }
};

}  // namespace wireseam
