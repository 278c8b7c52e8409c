// SPDX-License-Identifier: Apache-2.0
// Bytes of a stream, gathered from the packets that are still there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "inspector/session/session.h"

namespace wireseam {

struct StreamByte {
  std::byte value{};
  bool known = false;  // else it fell away, or was never captured
  bool edge = false;   // the first byte that its packet brought
  uint64_t packet = 0;
};

// The bytes of `range`, of one direction of a connection, as the packets of `parts` brought them.
std::vector<StreamByte> gather(const Session& session, ByteRange range,
                               std::span<const FramePart> parts);

}  // namespace wireseam
