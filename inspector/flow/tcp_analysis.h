// SPDX-License-Identifier: Apache-2.0
// What each TCP packet means for its connection: handshake and teardown, offsets and
// acknowledgements, what happened to it, and the bytes that it brings.
#pragma once

#include <cstdint>

#include "inspector/decode/packet.h"
#include "inspector/flow/connection.h"
#include "inspector/flow/flow_sink.h"

namespace wireseam {

// RFC 9293. `packet` is TCP and belongs to `connection`; its sender is that side. `newest` is the
// newest connection of the same ports, which is where Wireshark counts it.
void analyse_tcp(Connection& connection, const Packet& packet, Side sender, Connection& newest,
                 FlowSink& sink);

}  // namespace wireseam
