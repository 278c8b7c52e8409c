// SPDX-License-Identifier: Apache-2.0
// The longer texts: the block of a connection at its end, and the summary of a capture.
#pragma once

#include <string>

#include "inspector/flow/connection.h"
#include "inspector/join/capture_summary.h"

namespace wireseam {

// The lines below a connection's first one, indented.
void append_block(std::string& out, const Connection& connection);

void append_summary(std::string& out, const CaptureSummary& summary);

}  // namespace wireseam
