// SPDX-License-Identifier: Apache-2.0
// Cuts one frame: picks the shape that holds at this place and asks it.
#include "common/framing/framing.h"

#include "common/framing/json_header.h"
#include "common/framing/length_field.h"

namespace wireseam {
namespace {

CutResult cut_raw(Bytes window) {
  if (window.empty()) return NeedMore{1};
  return FrameExtent{.size = window.size(), .body_size = window.size()};
}

CutResult cut_shape(const Shape& shape, Bytes window) {
  switch (shape.kind) {
    case ShapeKind::Raw:
      return cut_raw(window);
    case ShapeKind::LengthField:
      return cut_length_field(shape, window);
    case ShapeKind::JsonHeader:
      return cut_json_header(shape, window);
  }
  return cut_raw(window);
}

}  // namespace

CutResult Framing::cut(Bytes window, Place) const { return cut_shape(shape, window); }

}  // namespace wireseam
