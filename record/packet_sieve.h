// SPDX-License-Identifier: Apache-2.0
// Leaves of all packets those of the traced program's sockets.
#pragma once

#include "common/fd.h"
#include "inspector/capture/packet_writer.h"

namespace wireseam {

// Reads the trace, then the packets twice: which packets belong is decided before any is written
// (PacketChoice). Throws Error where one of the files is none; how the writing went `kept` knows.
// Returns whether the trace has connections, so that there must have been packets.
bool sieve_packets(const Fd& calls, const Fd& packets, PacketWriter& kept);

}  // namespace wireseam
