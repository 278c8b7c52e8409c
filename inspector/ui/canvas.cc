// SPDX-License-Identifier: Apache-2.0
#include "inspector/ui/canvas.h"

#include <langinfo.h>

#include <algorithm>
#include <clocale>
#include <cstring>
#include <cwchar>

#include "common/escape.h"
#include "common/utf8.h"

namespace wireseam {
namespace {

struct Shown {
  char32_t glyph = 0;
  int width = 0;  // 0: not as it is
  size_t size = 1;
};

// What stands for our own drawings where there is no Unicode.
char32_t ascii_for(char32_t glyph) {
  if (glyph >= U'▁' && glyph <= U'█') return U'1' + (glyph - U'▁');
  return 0;
}

// The character at the front of `text`, and how wide it is.
Shown front_of(std::string_view text, Charset charset) {
  const auto point = decode_utf8(text);
  if (!point) return {};
  if (is_control(point->value)) return {point->value, 0, point->size};
  if (point->value < 0x80) return {point->value, 1, 1};
  if (charset == Charset::Ascii) {
    const char32_t stand_in = ascii_for(point->value);
    return {stand_in, stand_in == 0 ? 0 : 1, point->size};
  }
  return {point->value, std::max(0, wcwidth(static_cast<wchar_t>(point->value))), point->size};
}

// Calls show(glyph, width) for each character in the form in which it may be shown; stops where
// that returns false.
template <typename Show>
void for_each_shown(std::string_view text, Charset charset, Show show) {
  while (!text.empty()) {
    const Shown front = front_of(text, charset);
    if (front.width > 0) {
      if (!show(front.glyph, front.width)) return;
    } else {
      for (const char byte : text.substr(0, front.size)) {
        std::string escaped;
        append_escaped(escaped, std::string_view(&byte, 1));
        for (const char c : escaped)
          if (!show(static_cast<unsigned char>(c), 1)) return;
      }
    }
    text.remove_prefix(front.size);
  }
}

}  // namespace

Charset charset_of_locale() {
  std::setlocale(LC_CTYPE, "");
  return std::strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? Charset::Unicode : Charset::Ascii;
}

void append_utf8(std::string& out, char32_t glyph) {
  const auto byte = [&](char32_t bits) { out += static_cast<char>(bits); };
  if (glyph < 0x80) return byte(glyph);
  if (glyph < 0x800) {
    byte(0xc0 | glyph >> 6);
  } else {
    if (glyph < 0x10000) {
      byte(0xe0 | glyph >> 12);
    } else {
      byte(0xf0 | glyph >> 18);
      byte(0x80 | (glyph >> 12 & 0x3f));
    }
    byte(0x80 | (glyph >> 6 & 0x3f));
  }
  byte(0x80 | (glyph & 0x3f));
}

Canvas::Canvas(Size size, Charset charset)
    : size_{std::max(0, size.rows), std::max(0, size.columns)},
      charset_(charset),
      cells_(static_cast<size_t>(size_.rows) * static_cast<size_t>(size_.columns)) {}

// Half of a wide character is none.
void Canvas::clear_halves(int row, int column) {
  if (at(row, column).glyph == 0 && column > 0) cells_[index(row, column - 1)].glyph = ' ';
  if (contains(row, column + 1) && at(row, column + 1).glyph == 0)
    cells_[index(row, column + 1)].glyph = ' ';
}

void Canvas::put(int row, int column, char32_t glyph, Style style) {
  if (!contains(row, column)) return;
  clear_halves(row, column);
  cells_[index(row, column)] = {is_control(glyph) ? U'?' : glyph, style};
}

int Canvas::write(int row, int column, int limit, std::string_view text, Style style, int skip) {
  int used = 0;
  for_each_shown(text, charset_, [&](char32_t glyph, int width) {
    const int before = std::min(width, skip);
    skip -= before;
    if (before == width) return true;
    // Half of a wide character is none.
    if (before > 0) {
      glyph = ' ';
      width = 1;
    }
    if (used + width > limit) return false;
    put(row, column + used, glyph, style);
    if (width == 2 && contains(row, column + used)) {
      if (contains(row, column + used + 1)) {
        clear_halves(row, column + used + 1);
        cells_[index(row, column + used + 1)] = {0, style};
      } else {
        put(row, column + used, ' ', style);
      }
    }
    used += width;
    return true;
  });
  return used;
}

void Canvas::restyle(const Rect& where, Style style) {
  for (int row = where.row; row < where.row + where.size.rows; ++row)
    for (int column = where.column; column < where.column + where.size.columns; ++column)
      if (contains(row, column)) cells_[index(row, column)].style = style;
}

Canvas::Row Canvas::row(int row) const {
  Row found;
  for (int column = 0; column < size_.columns; ++column) {
    if (const char32_t glyph = at(row, column).glyph; glyph != 0) append_utf8(found.text, glyph);
    found.columns.resize(found.text.size(), column);
  }
  return found;
}

std::string Canvas::text() const {
  std::string text;
  for (int at = 0; at < size_.rows; ++at) {
    std::string line = row(at).text;
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

Area Area::part(const Rect& where) const {
  const int row = std::clamp(where.row, 0, rows());
  const int column = std::clamp(where.column, 0, columns());
  return {*canvas_,
          {where_.row + row,
           where_.column + column,
           {std::clamp(where.size.rows, 0, rows() - row),
            std::clamp(where.size.columns, 0, columns() - column)}}};
}

int Area::write(int row, int column, std::string_view text, Style style, int skip) const {
  if (row < 0 || row >= rows() || column < 0 || column >= columns()) return column;
  return column + canvas_->write(where_.row + row, where_.column + column, columns() - column, text,
                                 style, skip);
}

void Area::write_right(int row, int column, int width, std::string_view text, Style style) const {
  const int used = width_of(text, canvas_->charset());
  part({row, column, {1, width}}).write(0, std::max(0, width - used), text, style);
}

void Area::put(int row, int column, char32_t glyph, Style style) const {
  if (row < 0 || row >= rows() || column < 0 || column >= columns()) return;
  canvas_->put(where_.row + row, where_.column + column, glyph, style);
}

void Area::fill(int row, char32_t glyph, Style style) const {
  for (int column = 0; column < columns(); ++column) put(row, column, glyph, style);
}

void Area::restyle(const Rect& where, Style style) const {
  const Area there = part(where);
  canvas_->restyle(there.where_, style);
}

int width_of(std::string_view text, Charset charset) {
  int columns = 0;
  for_each_shown(text, charset, [&](char32_t, int width) {
    columns += width;
    return true;
  });
  return columns;
}

}  // namespace wireseam
