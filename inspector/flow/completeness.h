// SPDX-License-Identifier: Apache-2.0
// Wireshark's tcp.completeness, by the definitions of 4.0.
#pragma once

#include <cstdint>

#include "inspector/decode/packet.h"

namespace wireseam {

// SYN 1, SYN/ACK 2, ACK 4, data 8, FIN 16, RST 32: with one more packet, which is the connection's
// first one or not. As Wireshark has it, a SYN counts only where it comes first; data is no ACK,
// and neither data nor FIN counts without ACK, but data with a SYN does.
inline uint8_t completeness_with(unsigned bits, const Packet& packet, bool is_first) {
  const TcpHeader& tcp = packet.tcp;
  const bool has_data = packet.payload_length > 0;
  if (tcp.has(kSyn)) {
    if (tcp.has(kAck)) bits |= 2;
    if (!tcp.has(kAck) && is_first) bits |= 1;
    if (!tcp.has(kAck) && has_data) bits |= 8;
  } else if (tcp.has(kAck)) {
    bits |= has_data ? 8 : 4;
  }
  if (tcp.has(kFin) && tcp.has(kAck)) bits |= 16;
  if (tcp.has(kRst)) bits |= 32;
  return static_cast<uint8_t>(bits);
}

}  // namespace wireseam
