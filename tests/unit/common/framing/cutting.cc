// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/common/framing/cutting.h"

namespace wireseam {

std::string from_hex(std::string_view text) {
  std::string bytes;
  int high = -1;
  for (const char c : text) {
    const size_t digit = std::string_view("0123456789abcdef").find(c);
    if (digit == std::string_view::npos) continue;
    const int value = static_cast<int>(digit);
    if (high >= 0) bytes += static_cast<char>(high << 4 | value);
    high = high >= 0 ? -1 : value;
  }
  return bytes;
}

std::vector<uint64_t> frame_sizes(std::string_view framing, std::string_view stream) {
  std::vector<uint64_t> sizes;
  Place place = Place::Start;
  while (!stream.empty()) {
    const CutResult result = cut(framing, stream, place);
    const auto* extent = std::get_if<FrameExtent>(&result);
    if (extent == nullptr || extent->size > stream.size()) break;
    sizes.push_back(extent->size);
    stream.remove_prefix(extent->size);
    place = extent->next;
  }
  return sizes;
}

}  // namespace wireseam
