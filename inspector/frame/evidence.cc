// SPDX-License-Identifier: Apache-2.0
// Evidence is counted in bits: one for each time that half of all garbage would have failed.
#include "inspector/frame/evidence.h"

#include <algorithm>
#include <bit>

namespace wireseam {
namespace {

constexpr int kMostForLength = 9;
constexpr int kForJson = 32;

}  // namespace

const Shape& usual_shape(const Framing& framing, Place place) {
  for (const Opening& opening : framing.openings)
    if (opening.at == place && opening.bytes.empty() && opening.shape != nullptr)
      return *opening.shape;
  return framing.shape;
}

int evidence_of_checks(const Shape& shape) {
  int bits = 0;
  for (const ByteCheck& check : shape.checks) {
    const auto choices = static_cast<unsigned>(check.high - check.low);
    bits += check.count * (8 - static_cast<int>(std::bit_width(choices)));
  }
  return bits;
}

int evidence_of_length(const Shape& shape, const FrameExtent& extent) {
  if (shape.kind == ShapeKind::JsonHeader) return kForJson;
  if (shape.kind != ShapeKind::LengthField || extent.body_size == 0) return 0;
  if (shape.digits != Digits::None) return 3 * static_cast<int>(shape.width);
  const uint64_t field = shape.width < 8 ? (uint64_t{1} << 8 * shape.width) - 1 : UINT64_MAX;
  const int spare =
      std::popcount(field & shape.mask) - static_cast<int>(std::bit_width(extent.size));
  return std::clamp(spare, 0, kMostForLength);
}

}  // namespace wireseam
