// SPDX-License-Identifier: Apache-2.0
// How one kind of frame tells where it ends, as plain data: the rows of the framing table are made
// of shapes. Nothing here knows a protocol.
#pragma once

#include <array>
#include <optional>

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

  // LengthField, Varint: where the length stands, and how many bytes (or digits) it has; a varint
  // has that many at most. Size of the frame = length + adjust + offset + width.
  uint32_t offset = 0;
  uint32_t width = 0;
  int64_t adjust = 0;

  // LengthField: how the length is written.
  ByteOrder order = ByteOrder::Big;
  Signedness sign = Signedness::Unsigned;
  Digits digits = Digits::None;  // ASCII digits instead of a binary number
  uint64_t mask = UINT64_MAX;    // the bits that are the length
  uint64_t bare_up_to = 0;       // where not 0: lengths up to this mark frames of nothing but it

  // LengthField: the bytes before the body (none: up to the length's end) and behind it.
  std::optional<uint32_t> strip{};
  uint32_t trailer = 0;

  uint64_t min = 1;                     // the smallest frame, in bytes
  uint64_t max = 0;                     // the largest one; Fixed: the size of all
  Delimiter end{};                      // Delimited
  std::span<const ByteCheck> checks{};  // ascending, none behind `min`
};

// Cuts the frame at the beginning of `window`. Of the window's first `seen` bytes it is known that
// they were answered with NeedMore: a delimiter is not looked for there again.
CutResult cut_shape(const Shape& shape, Bytes window, uint64_t seen);

}  // namespace wireseam
