// SPDX-License-Identifier: Apache-2.0
#include "inspector/decode/decoder.h"

#include <algorithm>

#include "inspector/decode/layers.h"

namespace wireseam {
namespace {

// In parts: of `packet = Packet{}` g++ makes a `rep stos`, which costs more than all the rest.
void clear(Packet& packet) {
  packet.verdict = DecodeVerdict::Other;
  packet.reason = "";
  packet.reason_offset = 0;
  packet.reason_number = 0;
  packet.to_many = false;
  packet.vlan = 0;
  packet.ip_version = IpVersion::None;
  packet.has_ip_id = false;
  packet.reassembled = false;
  packet.ttl = 0;
  packet.ip_id = 0;
  packet.source = {};
  packet.destination = {};
  packet.transport = Transport::None;
  packet.source_port = 0;
  packet.destination_port = 0;
  packet.tcp = {};
  packet.payload_length = 0;
  packet.beyond_wire = 0;
  packet.payload = {};
}

}  // namespace

const Packet& Decoder::decode(const RawPacket& raw) {
  clear(packet_);
  packet_.number = raw.number;
  packet_.time_ns = raw.time_ns;
  // A capture that claims less than it holds is wrong about the wire.
  const auto captured = static_cast<uint32_t>(raw.bytes.size());
  Descent descent{packet_, Fields(raw.bytes), std::max(raw.wire_length, captured),
                  raw.bytes.data()};
  Next next = decode_link(descent, raw.link_type);
  while (next != Next::Nothing) next = follow(next, descent);
  counts_.add(packet_);
  return packet_;
}

Next Decoder::follow(Next next, Descent& descent) {
  switch (next) {
    case Next::Nothing:
      return next;
    case Next::Ipv4:
      return decode_ipv4(descent);
    case Next::Ipv6:
      return decode_ipv6(descent);
    case Next::Fragment:
      return reassemble(descent);
    case Next::Tcp:
      return decode_tcp(descent);
    case Next::Udp:
      return decode_udp(descent);
  }
  return Next::Nothing;
}

Next Decoder::reassemble(Descent& descent) {
  if (!descent.has(descent.length)) return descent.lacks(descent.length, "fragment");
  packet_.verdict = DecodeVerdict::Fragment;
  packet_.reason = "fragment";
  packet_.reason_offset = descent.offset();
  switch (reassembler_.add(packet_, descent.fragment, descent.rest.bytes())) {
    case FragmentVerdict::Kept:
      return Next::Nothing;
    case FragmentVerdict::Duplicate:
      packet_.reason = "duplicate fragment";
      return Next::Nothing;
    case FragmentVerdict::Completes:
      return follow_datagram(descent);
    case FragmentVerdict::Overlaps:
      return descent.malformed("overlapping fragments");
    case FragmentVerdict::Contradicts:
      return descent.malformed("fragment place");
  }
  return Next::Nothing;
}

Next Decoder::follow_datagram(Descent& descent) {
  packet_.reassembled = true;
  packet_.reason = "";
  packet_.reason_offset = 0;
  descent.rest = Fields(reassembler_.datagram());
  descent.length = static_cast<uint32_t>(descent.rest.size());
  descent.begin = descent.rest.bytes().data();
  return packet_.ip_version == IpVersion::V4 ? follow_ip_protocol(descent, reassembler_.protocol())
                                             : follow_ipv6_header(descent, reassembler_.protocol());
}

}  // namespace wireseam
