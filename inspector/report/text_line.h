// SPDX-License-Identifier: Apache-2.0
// A line of text for a terminal of 80 columns: what has no room on it goes below.
#pragma once

#include <string>
#include <string_view>

#include "inspector/report/paint.h"

namespace wireseam {

class TextLine {
 public:
  static constexpr size_t kColumns = 80;
  static constexpr std::string_view kBelow = "                ";  // in front of what goes below

  // `out` and `paint` must outlive it.
  TextLine(std::string& out, const Paint& paint) : out_(out), paint_(paint) {}
  ~TextLine() { out_ += '\n'; }
  TextLine(const TextLine&) = delete;
  TextLine& operator=(const TextLine&) = delete;

  void add(std::string_view text) {
    out_ += text;
    columns_ += text.size();
  }
  void add(Ink ink, std::string_view text) {
    paint_.append(out_, ink, text);
    columns_ += text.size();
  }

  // Behind a blank, or below where `text` would not fit.
  void add_part(std::string_view text) {
    separate(text.size());
    add(text);
  }
  void add_part(Ink ink, std::string_view text) {
    separate(text.size());
    add(ink, text);
  }

 private:
  void separate(size_t size);

  std::string& out_;
  const Paint& paint_;
  size_t columns_ = 0;
};

// Lines of `text`, broken at blanks; a word that is longer than a line is not. `below` stands in
// front of all but the first.
void append_folded(std::string& out, std::string_view text, std::string_view below);

// The same, below another line.
void append_below(std::string& out, std::string_view text);

}  // namespace wireseam
