// SPDX-License-Identifier: Apache-2.0
// Connections behind each other with the same addresses and ports: which one a packet belongs to.
#pragma once

#include "inspector/decode/packet.h"
#include "inspector/flow/connection.h"

namespace wireseam {

// A SYN with another initial sequence number begins another connection, as Wireshark has it. What
// answers one belongs to it, whatever the other side had sent before; an answer to another one is
// that of another connection where the SYNs are not captured, or where this one is over.
bool begins_anew(const Connection& connection, const Packet& packet, Side sender);

// Of two connections, while the newer one has no answer.
bool belongs_to_older(const Connection& older, const Connection& newer, const Packet& packet,
                      Side sender);

// Whether a SYN was answered, so that there is no older connection any more.
bool is_answered(const Connection& connection);

// RFC 5961 section 4.2: a pure ACK with the numbers of the older connection shows that the SYN of
// `newer` was not taken.
bool challenges(const Packet& packet, Side sender, const Connection& newer);

// Whether a packet in another VLAN is of that connection: where the tags of one way are taken off
// before the capture, or the ways have a VLAN each. It answers what went the other way.
bool is_other_way(const Connection& connection, const Packet& packet, Side sender);

}  // namespace wireseam
