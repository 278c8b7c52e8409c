// SPDX-License-Identifier: Apache-2.0
// How one kind of frame tells where it ends, as plain data: the rows of the framing table are made
// of shapes. Nothing here knows a protocol.
#pragma once

#include <array>

#include "common/framing/cut_result.h"

namespace wireseam {

enum class ShapeKind : uint8_t { Raw, Fixed, LengthField, Varint, Delimited, JsonHeader };
enum class ByteOrder : uint8_t { Big, Little };
enum class Signedness : uint8_t { Unsigned, Signed };
enum class Digits : uint8_t { None, Hex, Decimal };

// `count` bytes from `offset` on that lie within low to high in every frame.
struct ByteCheck {
  uint8_t offset = 0;
  uint8_t count = 1;
  uint8_t low = 0;
  uint8_t high = 0;
};

// The bytes that end a frame.
struct Delimiter {
  std::array<char, 8> bytes{};
  uint8_t size = 0;
  // A carriage return before them is not part of the body either.
  bool drops_cr = false;

  bool operator==(const Delimiter&) const = default;
};

struct Shape {
  ShapeKind kind = ShapeKind::Raw;
  uint32_t offset = 0;  // LengthField, Varint: where the length stands in the frame
  uint32_t width = 0;   // LengthField: its bytes, or digits; Varint: the most bytes, 9 or less
  int64_t adjust = 0;   // size of the frame = length + adjust + offset + width
  ByteOrder order = ByteOrder::Big;
  Signedness sign = Signedness::Unsigned;
  Digits digits = Digits::None;         // LengthField: ASCII digits instead of a binary number
  uint64_t mask = UINT64_MAX;           // LengthField: the bits that are the length
  uint64_t bare_up_to = 0;              // LengthField: where not 0, lengths up to this mark frames
                                        // that consist of nothing but the length
  uint32_t strip = 0;                   // LengthField: bytes before the body
  uint32_t trailer = 0;                 // LengthField: bytes after the body
  uint64_t min = 1;                     // the smallest frame, in bytes
  uint64_t max = 0;                     // the largest frame; Fixed: its size
  Delimiter end{};                      // Delimited
  std::span<const ByteCheck> checks{};  // ascending, none behind `min`
};

// Cuts the frame at the beginning of `window`. Of the window's first `seen` bytes it is known that
// they were answered with NeedMore: a delimiter is not looked for there again.
CutResult cut_shape(const Shape& shape, Bytes window, uint64_t seen);

}  // namespace wireseam
