// SPDX-License-Identifier: Apache-2.0
// The text that is being written, and how wide its last line is so far, even where the beginning of
// that line was taken away already.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wireseam {

class LineBuffer {
 public:
  // What is written goes to its end.
  std::string& text() { return text_; }
  std::string_view view() const { return text_; }

  // Whether the last line has begun and not ended.
  bool open() const { return open_; }
  void begin() {
    open_ = true;
    line_ = text_.size();
    taken_ = 0;
  }
  void end() {
    text_ += '\n';
    open_ = false;
  }

  // Columns of the last line, colours aside.
  size_t width() const { return taken_ + visible_width(std::string_view(text_).substr(line_)); }

  // Forgets what was written; whoever calls this has put it where it belongs.
  void clear() {
    taken_ = open_ ? width() : 0;
    line_ = 0;
    text_.clear();
  }

 private:
  static size_t visible_width(std::string_view text);

  std::string text_;
  size_t line_ = 0;   // where the last line begins
  size_t taken_ = 0;  // its columns that are no longer here
  bool open_ = false;
};

}  // namespace wireseam
