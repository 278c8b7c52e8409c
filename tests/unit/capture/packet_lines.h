// SPDX-License-Identifier: Apache-2.0
// Packets as text, to compare many at once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "inspector/capture/packet_source.h"

namespace wireseam::test {

// "NUMBER TIME BYTES/WIRE"
inline std::string line_of(const RawPacket& packet) {
  return std::to_string(packet.number) + " " + std::to_string(packet.time_ns) + " " +
         std::string(reinterpret_cast<const char*>(packet.bytes.data()), packet.bytes.size()) +
         "/" + std::to_string(packet.wire_length);
}

inline std::vector<std::string> lines_of(PacketSource& source) {
  std::vector<std::string> lines;
  while (!source.ended())
    if (const RawPacket* packet = source.next()) lines.push_back(line_of(*packet));
  return lines;
}

}  // namespace wireseam::test
