// SPDX-License-Identifier: Apache-2.0
// UTF-8 (RFC 3629), read out of bytes that may be anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace wireseam {

struct CodePoint {
  char32_t value = 0;
  size_t size = 0;  // in bytes
};

// The code point at the front; no value where no valid one begins there: a stray or missing
// continuation byte, an overlong form, a surrogate, beyond U+10FFFF, or no bytes at all.
std::optional<CodePoint> decode_utf8(std::string_view text);

// Characters that do something to a terminal in place of showing: C0 and C1 controls, DEL, and the
// marks that turn the direction of writing (U+202A-202E, U+2066-2069).
bool is_control(char32_t value);

}  // namespace wireseam
