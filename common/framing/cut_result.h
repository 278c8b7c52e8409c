// SPDX-License-Identifier: Apache-2.0
// What cutting a window of a stream can give: a frame's extent, a wish for more bytes, or a flaw.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>

namespace wireseam {

using Bytes = std::span<const std::byte>;

// Where in its stream a frame begins, as far as a framing cares: some protocols open with bytes of
// another shape. A reader starts with Start (or with Middle, if it missed the beginning) and goes
// on with the `next` of each frame. What the last two mean is the framing's own affair.
enum class Place : uint8_t { Start, Middle, Second, Encrypted };

// A whole frame, known as soon as the bytes that tell its size are there: the body need not be in
// memory. body_offset + body_size <= size; what follows the body is a trailer.
struct FrameExtent {
  uint64_t size = 0;  // never 0
  uint64_t body_offset = 0;
  uint64_t body_size = 0;
  Place next = Place::Middle;  // where the byte after the frame stands

  bool operator==(const FrameExtent&) const = default;
};

// The extent is not known yet, nor will it be with fewer than `size` bytes from the frame's first
// byte on (in all, not: so many more).
struct NeedMore {
  uint64_t size = 0;

  bool operator==(const NeedMore&) const = default;
};

enum class Flaw : uint8_t {
  UnexpectedByte,
  NegativeLength,
  LengthAboveMax,
  LengthBelowMin,
  LengthNotDigits,
  VarintTooLong,
  DelimiterMissing,
  HeaderNotJson,
  HeaderNotObject,
  HeaderTooDeep,
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
  Flaw flaw = Flaw::UnexpectedByte;
  uint64_t value = 0;
  uint64_t limit = 0;

  bool operator==(const Malformed&) const = default;
};

// The reason in words ("length -1 is negative"), without the offset.
std::string to_string(const Malformed& malformed);

using CutResult = std::variant<FrameExtent, NeedMore, Malformed>;

}  // namespace wireseam
