// SPDX-License-Identifier: Apache-2.0
// Decodes captured packets down to TCP and UDP, one at a time, in the order of the capture (for the
// fragments' sake). Never throws and never reads past a packet; allocates for fragments only.
#pragma once

#include "common/raw_packet.h"
#include "inspector/decode/decode_counts.h"
#include "inspector/decode/descent.h"
#include "inspector/decode/ip_reassembler.h"
#include "inspector/decode/packet.h"

namespace wireseam {

class Decoder {
 public:
  explicit Decoder(const ReassemblyLimits& limits = {}) : reassembler_(limits) {}

  // What is returned, and what its `payload` points to, remains live until the next call; the
  // latter also needs `raw`'s bytes.
  const Packet& decode(const RawPacket& raw);

  // What was decoded last told of another packet: an ICMP error.
  void told_of_another() { counts_.told_of_another(packet_); }

  const DecodeCounts& counts() const { return counts_; }
  const ReassemblyCounts& reassembly() const { return reassembler_.counts(); }

 private:
  Next follow(Next next, Descent& descent);
  Next reassemble(Descent& descent);
  Next follow_datagram(Descent& descent);

  Packet packet_;
  DecodeCounts counts_;
  IpReassembler reassembler_;
};

}  // namespace wireseam
