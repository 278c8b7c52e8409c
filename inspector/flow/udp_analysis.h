// SPDX-License-Identifier: Apache-2.0
// UDP (RFC 768): each datagram is a piece of its own. Their bytes are counted on an axis all the
// same, in the order of the capture.
#pragma once

#include "inspector/flow/flow_sink.h"

namespace wireseam {

void analyse_udp(Connection& connection, const Packet& packet, Side sender, FlowSink& sink);

}  // namespace wireseam
