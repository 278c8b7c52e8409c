// SPDX-License-Identifier: Apache-2.0
// The members that the line of any frame has.
#pragma once

#include "common/framing/framing.h"
#include "inspector/frame/frame.h"
#include "inspector/report/json_parts.h"

namespace wireseam {

// Without a framing: a datagram.
void write_frame(JsonLine& line, Direction direction, const Frame& frame, const Framing* framing);

}  // namespace wireseam
