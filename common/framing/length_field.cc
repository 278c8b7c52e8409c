// SPDX-License-Identifier: Apache-2.0
// Length fields, with the meaning of Netty's LengthFieldBasedFrameDecoder. A loop over the width,
// so that widths that no machine type has (3, 5, ...) need no case of their own.
#include "common/framing/length_field.h"

#include <algorithm>
#include <limits>

#include "common/error.h"

namespace wireseam {
namespace {

// The top bit is the sign where the field is signed, and in a field of 8 bytes, whose larger half
// no stream can reach.
bool is_negative(const Shape& shape, uint64_t length) {
  if (shape.sign == Signedness::Unsigned && shape.width < 8) return false;
  return (length >> (8 * shape.width - 1) & 1) != 0;
}

uint64_t sign_extended(const Shape& shape, uint64_t length) {
  return shape.width < 8 ? length | ~uint64_t{0} << (8 * shape.width) : length;
}

}  // namespace

uint64_t read_integer(Bytes bytes, ByteOrder order) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const size_t at = order == ByteOrder::Big ? i : bytes.size() - 1 - i;
    value = value << 8 | std::to_integer<uint64_t>(bytes[at]);
  }
  return value;
}

CutResult cut_length_field(const Shape& shape, Bytes window) {
  const uint64_t field_end = uint64_t{shape.offset} + shape.width;
  if (window.size() < field_end) return NeedMore{field_end};
  const uint64_t length = read_integer(window.subspan(shape.offset, shape.width), shape.order);
  if (is_negative(shape, length))
    return Malformed{shape.offset, Flaw::NegativeLength, sign_extended(shape, length)};

  int64_t size = 0;
  const int64_t around = shape.adjust + static_cast<int64_t>(field_end);
  if (__builtin_add_overflow(static_cast<int64_t>(length), around, &size) ||
      (size > 0 && static_cast<uint64_t>(size) > shape.max))
    return Malformed{shape.offset, Flaw::LengthAboveMax, length, shape.max};
  if (size < static_cast<int64_t>(std::max(field_end, shape.min)))
    return Malformed{shape.offset, Flaw::LengthBelowMin, length, std::max(field_end, shape.min)};
  if (static_cast<uint64_t>(size) < shape.strip)
    return Malformed{shape.offset, Flaw::LengthBelowMin, length, shape.strip};
  return FrameExtent{.size = static_cast<uint64_t>(size),
                     .body_offset = shape.strip,
                     .body_size = static_cast<uint64_t>(size) - shape.strip};
}

std::string encode_len32le_header(uint64_t body_size) {
  if (body_size > std::numeric_limits<int32_t>::max())
    throw Error("a len32le frame cannot hold " + std::to_string(body_size) +
                " bytes: its length is an int32");
  std::string header;
  for (unsigned shift = 0; shift < 32; shift += 8)
    header += static_cast<char>(body_size >> shift & 0xff);
  return header;
}

}  // namespace wireseam
