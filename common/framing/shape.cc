// SPDX-License-Identifier: Apache-2.0
// Cuts by any shape: the checks that all kinds share, then what is the kind's own.
#include "common/framing/shape.h"

#include <algorithm>
#include <optional>

#include "common/framing/delimited.h"
#include "common/framing/json_header.h"
#include "common/framing/length_field.h"

namespace wireseam {
namespace {

CutResult cut_raw(Bytes window) {
  if (window.empty()) return NeedMore{1};
  return FrameExtent{.size = window.size(), .body_size = window.size()};
}

CutResult cut_fixed(const Shape& shape, Bytes window) {
  if (window.empty()) return NeedMore{1};
  return FrameExtent{.size = shape.max, .body_size = shape.max};
}

// Judges the bytes that are there, in their order, so that a window's length never changes which
// flaw is found.
std::optional<Malformed> failed_check(const Shape& shape, Bytes window) {
  for (const ByteCheck& check : shape.checks) {
    const size_t end = std::min<size_t>(check.offset + check.count, window.size());
    for (size_t i = check.offset; i < end; ++i) {
      const auto byte = std::to_integer<uint8_t>(window[i]);
      if (byte < check.low || byte > check.high) return Malformed{i, Flaw::UnexpectedByte, byte};
    }
  }
  return std::nullopt;
}

CutResult cut_by_kind(const Shape& shape, Bytes window, uint64_t seen) {
  switch (shape.kind) {
    case ShapeKind::Raw:
      return cut_raw(window);
    case ShapeKind::Fixed:
      return cut_fixed(shape, window);
    case ShapeKind::LengthField:
      return cut_length_field(shape, window);
    case ShapeKind::Varint:
      return cut_varint(shape, window);
    case ShapeKind::Delimited:
      return cut_delimited(shape, window, seen);
    case ShapeKind::JsonHeader:
      return cut_json_header(shape, window);
  }
  return cut_raw(window);
}

}  // namespace

CutResult cut_shape(const Shape& shape, Bytes window, uint64_t seen) {
  if (shape.checks.empty()) return cut_by_kind(shape, window, seen);
  if (const auto malformed = failed_check(shape, window)) return *malformed;
  const CutResult result = cut_by_kind(shape, window, seen);
  const uint64_t checked = uint64_t{shape.checks.back().offset} + shape.checks.back().count;
  if (window.size() >= checked) return result;
  const auto* more = std::get_if<NeedMore>(&result);
  return NeedMore{more == nullptr ? checked : std::max(more->size, checked)};
}

}  // namespace wireseam
