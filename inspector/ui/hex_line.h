// SPDX-License-Identifier: Apache-2.0
// Sixteen bytes as a line: offset, hexadecimal, characters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "inspector/ui/line.h"

namespace wireseam {

inline constexpr size_t kHexColumns = 16;

struct HexByte {
  std::byte value{};
  Style style = Style::Plain;
  bool known = true;
  bool edge = false;  // a bar stands before it
};

// 69 columns; `bytes` are kHexColumns at most.
Line hex_line(uint64_t offset, std::span<const HexByte> bytes);

}  // namespace wireseam
