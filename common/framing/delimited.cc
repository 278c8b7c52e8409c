// SPDX-License-Identifier: Apache-2.0
// Finds the first delimiter of a window.
#include "common/framing/delimited.h"

#include <algorithm>
#include <string_view>

namespace wireseam {

CutResult cut_delimited(const Shape& shape, Bytes window, uint64_t seen) {
  const std::string_view text(reinterpret_cast<const char*>(window.data()),
                              std::min<uint64_t>(window.size(), shape.max));
  const std::string_view delimiter(shape.end.bytes.data(), shape.end.size);
  // The delimiter's first bytes may be the last ones that were seen.
  const size_t from = seen < delimiter.size() ? 0 : seen - (delimiter.size() - 1);
  const size_t at = text.find(delimiter, from);
  if (at == std::string_view::npos) {
    if (window.size() < shape.max) return NeedMore{window.size() + 1};
    return Malformed{0, Flaw::DelimiterMissing, 0, shape.max};
  }
  const bool has_cr = shape.end.drops_cr && at > 0 && text[at - 1] == '\r';
  return FrameExtent{.size = at + delimiter.size(), .body_size = has_cr ? at - 1 : at};
}

}  // namespace wireseam
