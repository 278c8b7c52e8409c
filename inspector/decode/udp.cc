// SPDX-License-Identifier: Apache-2.0
// UDP: RFC 768; a length of zero is that of a jumbogram: RFC 2675.
#include "inspector/decode/layers.h"

namespace wireseam {

Next decode_udp(Descent& descent) {
  constexpr uint32_t kSize = 8;
  if (!descent.has(kSize)) return descent.lacks(kSize, "UDP header");
  const Fields header = descent.rest;
  const uint32_t length = header.u16(4) == 0 ? descent.length : header.u16(4);
  if (length < kSize || length > descent.length) return descent.malformed("UDP length", 4);
  descent.limit(length);
  descent.skip(kSize);

  Packet& packet = descent.packet;
  packet.verdict = DecodeVerdict::Whole;
  packet.transport = Transport::Udp;
  packet.source_port = header.u16(0);
  packet.destination_port = header.u16(2);
  packet.payload_length = descent.length;
  packet.payload = descent.rest.bytes();
  return Next::Nothing;
}

}  // namespace wireseam
