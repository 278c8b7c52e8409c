// SPDX-License-Identifier: Apache-2.0
// A session of what a scene plays: packets, calls and what they mean together.
#pragma once

#include "inspector/run/call_lines.h"
#include "tests/unit/join/scene.h"

namespace wireseam::test {

inline void fill(Session& session, const Scene& scene, std::string_view framing = "line") {
  CallLines lines(session);
  scene.play(framing, session,
             {.calls = &lines, .packet = [&](const RawPacket& raw) { session.packet(raw); }});
}

}  // namespace wireseam::test
