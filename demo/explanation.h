// SPDX-License-Identifier: Apache-2.0
// What a run showed, in words. Each function takes its numbers from the observation; where the run
// did not show what the scenario is about, it says so.
#pragma once

#include <string>
#include <vector>

#include "demo/observation.h"

namespace wireseam {

// Paragraphs, not broken into lines.
using Explanation = std::vector<std::string>;

Explanation explain_auth(const Observation& seen);
Explanation explain_backlog(const Observation& seen);
Explanation explain_cut(const Observation& seen);
Explanation explain_framed(const Observation& seen);
Explanation explain_handshake(const Observation& seen);
Explanation explain_nagle(const Observation& seen);
Explanation explain_nodelay(const Observation& seen);
Explanation explain_partial_send(const Observation& seen);
Explanation explain_refused(const Observation& seen);
Explanation explain_reset(const Observation& seen);
Explanation explain_sticky(const Observation& seen);
Explanation explain_timewait(const Observation& seen);
Explanation explain_udp(const Observation& seen);

// Appends paragraphs, broken at blanks for a terminal of 80 columns.
void append_explanation(std::string& out, const Explanation& paragraphs);

}  // namespace wireseam
