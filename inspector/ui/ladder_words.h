// SPDX-License-Identifier: Apache-2.0
// What the arrows of a ladder say.
#pragma once

#include <string>

#include "inspector/session/session.h"

namespace wireseam {

// On the arrow: "SYN seq 0", "310 bytes 0-310, frame 1".
std::string arrow_label(const Session& session, const ConnectionRecord& connection,
                        const SegmentRecord& record);

// At the side of who made it: "send 15 bytes 0-15", "accept4 = 4 in 231 ms".
std::string call_label(const TracedCall& call);

// Beside an arrow: its part in the handshake or the teardown, or what happened to it.
std::string step_name(const ConnectionRecord& connection, const SegmentRecord& record);

}  // namespace wireseam
