// SPDX-License-Identifier: Apache-2.0
// A screen as a value: cells with a character and a style. Whatever is written is clipped, and made
// fit for a terminal: controls, invalid UTF-8 and what has no width are shown escaped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "inspector/ui/geometry.h"
#include "inspector/ui/style.h"

namespace wireseam {

// What the terminal can show.
enum class Charset : uint8_t { Ascii, Unicode };

// Takes on the locale of the environment, by which characters have their widths.
Charset charset_of_locale();

struct Cell {
  char32_t glyph = ' ';  // 0: the right half of the wide character before it
  Style style = Style::Plain;

  bool operator==(const Cell&) const = default;
};

class Canvas {
 public:
  Canvas(Size size, Charset charset);

  Size size() const { return size_; }
  Charset charset() const { return charset_; }
  const Cell& at(int row, int column) const { return cells_[index(row, column)]; }

  // A character of one column; outside of the canvas nothing is written.
  void put(int row, int column, char32_t glyph, Style style);

  // Writes up to `limit` columns of the text behind its first `skip`, and returns how many there
  // were.
  int write(int row, int column, int limit, std::string_view text, Style style, int skip = 0);

  // Keeps what is written there.
  void restyle(const Rect& where, Style style);

  // One of its lines, and the column of each byte of it.
  struct Row {
    std::string text;
    std::vector<int> columns;
  };
  Row row(int row) const;

  // Its lines, without the spaces at their ends.
  std::string text() const;

 private:
  size_t index(int row, int column) const {
    return static_cast<size_t>(row) * static_cast<size_t>(size_.columns) +
           static_cast<size_t>(column);
  }
  bool contains(int row, int column) const {
    return row >= 0 && row < size_.rows && column >= 0 && column < size_.columns;
  }
  void clear_halves(int row, int column);

  Size size_;
  Charset charset_;
  std::vector<Cell> cells_;
};

// A part of a canvas with places of its own: what a pane is drawn into.
class Area {
 public:
  explicit Area(Canvas& canvas) : Area(canvas, {0, 0, canvas.size()}) {}
  Area(Canvas& canvas, const Rect& where) : canvas_(&canvas), where_(where) {}

  int rows() const { return where_.size.rows; }
  int columns() const { return where_.size.columns; }
  Size size() const { return where_.size; }
  Charset charset() const { return canvas_->charset(); }
  bool unicode() const { return charset() == Charset::Unicode; }

  // Parts of it; as much of what is asked for as there is.
  Area part(const Rect& where) const;
  Area row(int row) const { return part({row, 0, {1, columns()}}); }
  Area below(int row) const { return part({row, 0, {rows() - row, columns()}}); }
  Area above(int row) const { return part({0, 0, {row, columns()}}); }

  // Returns the column behind what was written, of the text behind its first `skip` columns.
  int write(int row, int column, std::string_view text, Style style = Style::Plain,
            int skip = 0) const;
  // Ends at the right edge, or in `width` columns from `column`.
  void write_right(int row, int column, int width, std::string_view text,
                   Style style = Style::Plain) const;
  void put(int row, int column, char32_t glyph, Style style = Style::Plain) const;
  void fill(int row, char32_t glyph, Style style) const;
  void restyle(int row, Style style) const { restyle({row, 0, {1, columns()}}, style); }
  void restyle(const Rect& where, Style style) const;

 private:
  Canvas* canvas_;
  Rect where_;
};

void append_utf8(std::string& out, char32_t glyph);

// How many columns the text takes when it is written.
int width_of(std::string_view text, Charset charset);

}  // namespace wireseam
