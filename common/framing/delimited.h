// SPDX-License-Identifier: Apache-2.0
// Frames that end where their delimiter stands: lines, NUL-terminated texts.
#pragma once

#include "common/framing/shape.h"

namespace wireseam {

CutResult cut_delimited(const Shape& shape, Bytes window, uint64_t seen);

}  // namespace wireseam
