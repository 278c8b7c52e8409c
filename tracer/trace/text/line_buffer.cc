// SPDX-License-Identifier: Apache-2.0
#include "tracer/trace/text/line_buffer.h"

namespace wireseam {

size_t LineBuffer::visible_width(std::string_view text) {
  size_t width = text.size();
  for (size_t at = text.find('\x1b'); at != text.npos; at = text.find('\x1b', at + 1)) {
    const size_t end = text.find('m', at);
    if (end != text.npos) width -= end + 1 - at;
  }
  return width;
}

}  // namespace wireseam
