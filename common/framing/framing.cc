// SPDX-License-Identifier: Apache-2.0
// Finds the shape that holds at a place of the stream, and cuts by it.
#include "common/framing/framing.h"

namespace wireseam {
namespace {

enum class Match : uint8_t { No, Yes, NotYetKnown };

Match match(const Opening& opening, Bytes window) {
  for (size_t i = 0; i < opening.bytes.size(); ++i) {
    const size_t at = opening.offset + i;
    if (at >= window.size()) return Match::NotYetKnown;
    if (std::to_integer<unsigned char>(window[at]) != static_cast<unsigned char>(opening.bytes[i]))
      return Match::No;
  }
  return Match::Yes;
}

CutResult cut_opening(const Framing& framing, Bytes window, Place place, uint64_t seen) {
  for (const Opening& opening : framing.openings) {
    if (opening.at != place) continue;
    const Match matched = match(opening, window);
    if (matched == Match::No) continue;
    if (matched == Match::NotYetKnown) return NeedMore{window.size() + 1};
    const Shape& shape = opening.shape == nullptr ? framing.shape : *opening.shape;
    CutResult result = cut_shape(shape, window, seen);
    if (auto* extent = std::get_if<FrameExtent>(&result)) extent->next = opening.next;
    return result;
  }
  return cut_shape(framing.shape, window, seen);
}

}  // namespace

CutResult Framing::cut(Bytes window, Place place, uint64_t seen) const {
  if (place == Place::Middle || openings.empty()) return cut_shape(shape, window, seen);
  return cut_opening(*this, window, place, seen);
}

}  // namespace wireseam
