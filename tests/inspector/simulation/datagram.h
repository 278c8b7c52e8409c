// SPDX-License-Identifier: Apache-2.0
// A packet on its way through the simulated network. Positions count a connection's sequence
// numbers from the SYN's on and don't wrap; only the bytes of the capture do.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/byte_range.h"
#include "inspector/decode/packet.h"
#include "tests/inspector/simulation/simulation.h"

namespace wireseam::test {

struct Datagram {
  PacketTruth truth;
  uint64_t position = 0;  // SYN 0, the first byte 1
  uint64_t ack = 0;       // a position, too
  uint64_t window = 0;    // in bytes
  uint16_t flags = 0;
  uint16_t ip_id = 0;
  uint32_t ts_value = 0;
  uint32_t ts_echo = 0;
  std::vector<ByteRange> sacks;  // positions

  uint64_t payload_end() const { return position + syn() + truth.payload.size(); }
  uint64_t end() const { return payload_end() + ((flags & kFin) != 0 ? 1 : 0); }
  uint64_t syn() const { return (flags & kSyn) != 0 ? 1 : 0; }
};

// As Ethernet carries it.
std::string bytes_of(const Datagram& datagram, const Script& script);

}  // namespace wireseam::test
