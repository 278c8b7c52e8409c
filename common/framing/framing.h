// SPDX-License-Identifier: Apache-2.0
// Framings: how a stream is cut into the messages of its protocol (docs/framing.md). Pure functions
// on bytes: no I/O, no state between calls, no allocation for a good frame. The bytes come from a
// peer or a capture and are trusted in nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace wireseam {

using Bytes = std::span<const std::byte>;

// Where in its stream a frame begins, as far as a framing cares: some protocols open with bytes of
// another shape. A reader starts with Start (or with Middle, if it missed the beginning) and goes
// on with the `next` of each frame. What the last two mean is the framing's own affair.
enum class Place : uint8_t { Start, Middle, Second, Encrypted };

// A whole frame. Known as soon as the header is complete: neither the body nor even all of the
// header needs to be in memory. body_offset + body_size <= size; what follows the body is a
// trailer.
struct FrameExtent {
  uint64_t size = 0;  // never 0
  uint64_t body_offset = 0;
  uint64_t body_size = 0;
  Place next = Place::Middle;

  bool operator==(const FrameExtent&) const = default;
};

// The frame's extent is not known yet, nor will it be with fewer than `size` bytes from the frame's
// first byte on (not: so many more).
struct NeedMore {
  uint64_t size = 0;

  bool operator==(const NeedMore&) const = default;
};

enum class Flaw : uint8_t {
  NegativeLength,
  LengthAboveMax,
  LengthBelowMin,
  HeaderNotJson,
  HeaderNotObject,
  TotalSizeMissing,
  TotalSizeNotNumber,
  TotalSizeNegative,
  TotalSizeFraction,
  TotalSizeTooLarge,
};

// No frame of this framing begins here. `offset` is where in the window the flaw lies; `value` is
// what was found there and `limit` what is allowed, for those flaws that have such numbers.
struct Malformed {
  uint64_t offset = 0;
  Flaw flaw = Flaw::NegativeLength;
  uint64_t value = 0;
  uint64_t limit = 0;

  bool operator==(const Malformed&) const = default;
};

// "length -1 is negative": the reason alone, without the offset.
std::string to_string(const Malformed& malformed);

using CutResult = std::variant<FrameExtent, NeedMore, Malformed>;

enum class ShapeKind : uint8_t { Raw, LengthField, JsonHeader };
enum class ByteOrder : uint8_t { Big, Little };
enum class Signedness : uint8_t { Unsigned, Signed };

// How one kind of frame tells its size. For a length field with the meaning that Netty's
// LengthFieldBasedFrameDecoder gives it: size of the frame = length + adjust + offset + width.
struct Shape {
  ShapeKind kind = ShapeKind::Raw;
  ByteOrder order = ByteOrder::Big;
  Signedness sign = Signedness::Unsigned;
  uint8_t width = 0;    // of the length field, 1 to 8 bytes
  uint32_t offset = 0;  // of the length field in the frame
  int64_t adjust = 0;   // added to the length
  uint32_t strip = 0;   // bytes before the body
  uint64_t min = 1;     // the smallest frame
  uint64_t max = 0;     // the largest frame
};

// A named way to cut. A plain value that may be copied freely: its texts live for ever.
struct Framing {
  std::string_view name;
  std::string_view summary;
  Shape shape;

  // `window` begins at a frame's first byte and is contiguous. The result depends on nothing but
  // the frame's own bytes: a longer window never changes a FrameExtent or Malformed. Raw, which has
  // no frames, is the exception: it takes the whole window as one.
  CutResult cut(Bytes window, Place place = Place::Middle) const;
};

// The framing that `text` names, with its parameters. Throws Error for a text that is none, and
// names the part that is wrong and what is allowed there.
Framing parse_framing(std::string_view text);

// Every framing, in the order for a help text.
std::span<const Framing> all_framings();

}  // namespace wireseam
