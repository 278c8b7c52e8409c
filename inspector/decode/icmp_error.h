// SPDX-License-Identifier: Apache-2.0
// ICMP messages about a packet that somebody could not deliver, of which they quote the beginning
// (RFC 792, RFC 4443).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/raw_packet.h"
#include "inspector/decode/decoder.h"

namespace wireseam {

struct IcmpError {
  uint64_t packet = 0;  // the message's
  uint64_t time_ns = 0;
  std::string_view reason;  // "port unreachable"; empty: it was delivered all the same
  const Packet& quoted;     // live until the reader's next message
};

class IcmpErrorReader {
 public:
  // `packet` is what was decoded of `raw`. No value where it is no such message, or quotes nothing
  // of TCP or UDP.
  std::optional<IcmpError> read(const Packet& packet, const RawPacket& raw);

 private:
  Decoder decoder_;
};

}  // namespace wireseam
