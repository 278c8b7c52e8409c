// SPDX-License-Identifier: Apache-2.0
#include "common/escape.h"

#include "common/utf8.h"

namespace wireseam {
namespace {

void append_hex(std::string& out, std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
  }
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto point = decode_utf8(text);
    const size_t size = point ? point->size : 1;
    if (point && !is_control(point->value))
      out += text.substr(0, size);
    else
      append_hex(out, text.substr(0, size));
    text.remove_prefix(size);
  }
}

void append_escaped(std::string& out, std::string_view text, size_t limit) {
  if (text.size() <= limit) return append_escaped(out, text);
  // Not in the middle of a character.
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
  append_escaped(out, text.substr(0, limit));
  out += "...";
}

}  // namespace wireseam
