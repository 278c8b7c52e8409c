// SPDX-License-Identifier: Apache-2.0
// Length fields. Loops over the width, so that widths that no machine type has (3, 5, ...) need no
// case of their own.
#include "common/framing/length_field.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string_view>

#include "common/error.h"

namespace wireseam {
namespace {

uint64_t read_binary(Bytes field, ByteOrder order) {
  uint64_t value = 0;
  if (order == ByteOrder::Big) {
    for (const std::byte byte : field) value = value << 8 | std::to_integer<uint64_t>(byte);
  } else {
    for (size_t i = field.size(); i-- > 0;)
      value = value << 8 | std::to_integer<uint64_t>(field[i]);
  }
  return value;
}

// The top bit is the sign where the field is signed, and in a field of 8 bytes, whose larger half
// no stream can reach.
bool is_negative(const Shape& shape, uint64_t length) {
  if (shape.sign == Signedness::Unsigned && shape.width < 8) return false;
  return (length >> (8 * shape.width - 1) & 1) != 0;
}

uint64_t sign_extended(const Shape& shape, uint64_t length) {
  return shape.width < 8 ? length | ~uint64_t{0} << (8 * shape.width) : length;
}

// A number in digits, which spaces may pad to the width of its field on either side.
std::optional<uint64_t> read_digits(Bytes field, Digits digits) {
  std::string_view text(reinterpret_cast<const char*>(field.data()), field.size());
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  text = text.substr(0, text.find_last_not_of(' ') + 1);
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value,
                                            digits == Digits::Hex ? 16 : 10);
  if (error == std::errc::invalid_argument || end != text.data() + text.size()) return std::nullopt;
  return error == std::errc::result_out_of_range ? std::numeric_limits<uint64_t>::max() : value;
}

std::variant<uint64_t, Malformed> read_length(const Shape& shape, Bytes field) {
  if (shape.digits != Digits::None) {
    const auto length = read_digits(field, shape.digits);
    if (!length) return Malformed{shape.offset, Flaw::LengthNotDigits};
    return *length;
  }
  const uint64_t length = read_binary(field, shape.order) & shape.mask;
  if (is_negative(shape, length))
    return Malformed{shape.offset, Flaw::NegativeLength, sign_extended(shape, length)};
  return length;
}

// The frame whose length field has this value and ends at `field_end`; its body begins at
// `body_offset`.
CutResult frame_of(const Shape& shape, uint64_t length, uint64_t field_end, uint64_t body_offset) {
  const int64_t around = shape.adjust + static_cast<int64_t>(field_end);
  const uint64_t min = std::max({field_end, shape.min, body_offset + shape.trailer});
  int64_t size = 0;
  if (length > std::numeric_limits<int64_t>::max() ||
      __builtin_add_overflow(static_cast<int64_t>(length), around, &size) ||
      (size > 0 && static_cast<uint64_t>(size) > shape.max))
    return Malformed{shape.offset, Flaw::LengthAboveMax, length, shape.max};
  if (size < 0 || static_cast<uint64_t>(size) < min)
    return Malformed{shape.offset, Flaw::LengthBelowMin, length, min};
  const auto whole = static_cast<uint64_t>(size);
  return FrameExtent{
      .size = whole, .body_offset = body_offset, .body_size = whole - body_offset - shape.trailer};
}

}  // namespace

CutResult cut_length_field(const Shape& shape, Bytes window) {
  const uint64_t field_end = uint64_t{shape.offset} + shape.width;
  if (window.size() < field_end) return NeedMore{field_end};
  const auto read = read_length(shape, window.subspan(shape.offset, shape.width));
  if (const auto* malformed = std::get_if<Malformed>(&read)) return *malformed;
  const uint64_t length = std::get<uint64_t>(read);
  if (shape.bare_up_to > 0 && length <= shape.bare_up_to)
    return FrameExtent{.size = field_end, .body_offset = field_end};
  return frame_of(shape, length, field_end, shape.strip.value_or(field_end));
}

CutResult cut_varint(const Shape& shape, Bytes window) {
  uint64_t length = 0;
  for (size_t i = 0; i < shape.width; ++i) {
    const size_t at = shape.offset + i;
    if (at >= window.size()) return NeedMore{at + 1};
    const auto byte = std::to_integer<uint64_t>(window[at]);
    length |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) return frame_of(shape, length, at + 1, at + 1);
  }
  return Malformed{shape.offset, Flaw::VarintTooLong, 0, shape.width};
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
