// SPDX-License-Identifier: Apache-2.0
// A call at length: who made it, and what became of the bytes that it moved.
#pragma once

#include <vector>

#include "inspector/session/session.h"
#include "inspector/ui/line.h"

namespace wireseam {

// "exec-server (9401)"; with the thread where it isn't the first.
std::string caller_text(const Session& session, const TracedCall& call);

// "sent 0-147, 1 segment, 2 frames, on the wire after 25 us", and below it what held it up.
std::vector<Line> moved_lines(const MovedBytes& moved, bool sent);

// Its line, in as many lines of that width as it takes, below what is known of it.
std::vector<Line> call_lines(const Session& session, const TracedCall& call, int width);

}  // namespace wireseam
