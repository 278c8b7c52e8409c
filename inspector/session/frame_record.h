// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inspector/session/records.h"

namespace wireseam {

// The frame as it is kept: of what is long in it the beginning.
FrameRecord frame_record(uint64_t connection, Direction direction, const Frame& frame,
                         const Framing* framing);

}  // namespace wireseam
