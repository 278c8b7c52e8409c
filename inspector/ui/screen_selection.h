// SPDX-License-Identifier: Apache-2.0
// What the user has chosen on a screen, for whoever writes it to a file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "inspector/session/session.h"

namespace wireseam {

struct ScreenSelection {
  std::vector<uint64_t> packets;  // numbers
  std::string bytes;              // of the frame, or of the packets' payload
  std::string text;
};

ScreenSelection select_packets(const Session& session, std::vector<uint64_t> numbers);
ScreenSelection select_connection(const Session& session, uint64_t connection);
ScreenSelection select_frame(const Session& session, const FrameRecord& frame);

}  // namespace wireseam
