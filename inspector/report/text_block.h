// SPDX-License-Identifier: Apache-2.0
// The longer texts: the block of a connection at its end, and the summary of a capture.
#pragma once

#include <string>

#include "inspector/join/capture_summary.h"
#include "inspector/join/connection_frames.h"

namespace wireseam {

// The lines below a connection's first one, indented. `frames` may be null.
void append_block(std::string& out, const Connection& connection, const ConnectionFrames* frames);

void append_summary(std::string& out, const CaptureSummary& summary);

}  // namespace wireseam
