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

void append_below(std::string& out, std::string_view text) {
  constexpr size_t kRoom = TextLine::kColumns - TextLine::kBelow.size();
  while (!text.empty()) {
    size_t end = text.size();
    if (end > kRoom) {
      end = text.rfind(' ', kRoom);
      if (end == text.npos) end = std::min(text.find(' '), text.size());
    }
    out += TextLine::kBelow;
    out += text.substr(0, end);
    out += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace wireseam
