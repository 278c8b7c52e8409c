// SPDX-License-Identifier: Apache-2.0
// Looks at a program before it is executed: the collector may come too late, since a short one is
// gone in a millisecond.
#pragma once

#include "tracer/shim/capture.h"

namespace wireseam {

// kFlagNew... of the program that this exec or spawn names; 0 where nothing stands in the way, and
// where it can't be looked at. The words may be anything. errno stays as it is.
uint16_t new_program_flags(CallNumber number, const Words& words);

}  // namespace wireseam
