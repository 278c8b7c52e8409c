// SPDX-License-Identifier: Apache-2.0
// Leaves of all packets those of the traced program's sockets, once all is known.
#pragma once

#include "common/fd.h"
#include "inspector/capture/packet_writer.h"
#include "record/live_sieve.h"

namespace wireseam {

// Reads the trace and the packets, and where `live`, which has written to `kept` meanwhile, did not
// come to the same choice, the packets again, so that `kept` has all that belong in their order.
// Throws Error where one of the files is none; how the writing went `kept` knows. Returns whether
// the trace has connections, so that there must have been packets.
bool sieve_packets(const Fd& calls, const Fd& packets, const LiveSieve& live, PacketWriter& kept);

}  // namespace wireseam
