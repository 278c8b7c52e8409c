// SPDX-License-Identifier: Apache-2.0
// The decoders of the layers, each in a file of its own that names its RFC. Each takes its header
// off `descent.rest`, fills its part of `descent.packet` and says what follows.
#pragma once

#include <cstdint>

#include "inspector/decode/descent.h"

namespace wireseam {

// LINKTYPE_..., as RawPacket has it.
Next decode_link(Descent& descent, uint32_t link_type);

// What `type` (an EtherType) says, through any VLAN tags.
Next follow_ether_type(Descent& descent, uint16_t type);

Next decode_ipv4(Descent& descent);
Next decode_ipv6(Descent& descent);

// The first of the headers that a number of IPv6's next header field names; through all extension
// headers down to the transport.
Next follow_ipv6_header(Descent& descent, uint8_t header);

// The transport that a protocol number of the IP header names.
Next follow_ip_protocol(Descent& descent, uint8_t protocol);

Next decode_tcp(Descent& descent);
Next decode_udp(Descent& descent);

}  // namespace wireseam
