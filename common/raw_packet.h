// SPDX-License-Identifier: Apache-2.0
// A packet as it was captured, before anybody has looked into it. A view: whoever hands it on says
// how long its bytes remain live.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace wireseam {

struct RawPacket {
  uint64_t number = 0;       // counts from 1 in its capture, as tshark's frame.number does
  uint64_t time_ns = 0;      // since the Epoch
  uint32_t wire_length = 0;  // the bytes that it had; the capture may have kept fewer
  uint32_t link_type = 0;    // LINKTYPE_... (www.tcpdump.org/linktypes.html)
  std::span<const std::byte> bytes;
};

}  // namespace wireseam
