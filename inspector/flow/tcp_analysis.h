// SPDX-License-Identifier: Apache-2.0
// What each TCP packet means for its connection: handshake and teardown, offsets and
// acknowledgements, what happened to it, and the bytes that it brings.
#pragma once

#include <cstdint>

#include "inspector/decode/packet.h"
#include "inspector/flow/connection.h"
#include "inspector/flow/flow_sink.h"

namespace wireseam {

// RFC 9293. `packet` is TCP and belongs to `connection`; its sender is that side.
void analyse_tcp(Connection& connection, const Packet& packet, Side sender, FlowSink& sink);

// Gives up holes that can't be filled any more: the receiver acknowledged what lies in them a while
// ago, or they are too old or hold back too much.
void give_up_holes(Connection& connection, uint64_t now_ns, FlowSink& sink);

// Gives up all of them, since memory has ended.
void give_up_all_holes(Connection& connection, uint64_t now_ns, FlowSink& sink);

// Gives up all holes, and what lacks before a FIN: no more will come. To be called once, at last.
void end_streams(Connection& connection, uint64_t now_ns, FlowSink& sink);

}  // namespace wireseam
