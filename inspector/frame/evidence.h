// SPDX-License-Identifier: Apache-2.0
// How much a frame that could be cut says for its framing (resync.cc explains it).
#pragma once

#include "common/framing/framing.h"

namespace wireseam {

// The shape that frames have at this place, whatever their bytes are.
const Shape& usual_shape(const Framing& framing, Place place);

int evidence_of_checks(const Shape& shape);
int evidence_of_length(const Shape& shape, const FrameExtent& extent);

}  // namespace wireseam
