// SPDX-License-Identifier: Apache-2.0
#include "inspector/report/text_line.h"

#include <algorithm>

namespace wireseam {

void TextLine::separate(size_t size) {
  if (columns_ + 1 + size <= kColumns) return add(" ");
  out_ += '\n';
  columns_ = 0;
  add(kBelow);
}

void append_folded(std::string& out, std::string_view text, std::string_view below) {
  for (std::string_view before; !text.empty(); before = below) {
    const size_t room = TextLine::kColumns - before.size();
    size_t end = text.size();
    if (end > room) {
      end = text.rfind(' ', room);
      if (end == text.npos) end = std::min(text.find(' '), text.size());
    }
    out += before;
    out += text.substr(0, end);
    out += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void append_below(std::string& out, std::string_view text) {
  if (text.empty()) return;
  out += TextLine::kBelow;
  append_folded(out, text, TextLine::kBelow);
}

}  // namespace wireseam
