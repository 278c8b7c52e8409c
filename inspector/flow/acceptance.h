// SPDX-License-Identifier: Apache-2.0
// Whether a segment means anything to its receiver.
//
// What a segment means is not what its sender wanted. An RST, SYN, FIN or ACK takes effect only if
// the receiver, in its state and with its window, accepts it; else it is dropped, at most answered
// by an ACK of what is really expected next (a challenge ACK), and the connection goes on as if it
// had never come. This is the one place that decides so, by what the capture shows of the receiver:
//   - RST (RFC 9293 section 3.10.7.4, RFC 5961 section 3.2): resets with the very number that the
//     receiver expects; within its window it is challenged, elsewhere dropped. A capture shows the
//     expected number but roughly: it lies between what was acknowledged and what was sent, and
//     Linux takes the end of the rightmost SACK block and the number of an acknowledged FIN, too.
//   - In SYN-SENT (section 3.10.7.3) an RST has to acknowledge the SYN, and so has a SYN/ACK.
//   - SYN (RFC 5961 section 4.2): one with another initial number is challenged by a receiver that
//     has a connection. Without ACK it may begin another connection, which flow_table.cc decides; a
//     SYN/ACK can't.
//   - FIN, and what else comes from before the SYN or from behind the window, is of an older
//     connection of the same ports, or forged. A sender sends nothing behind its FIN, so one that
//     lies before bytes that were seen is no FIN of this connection.
// Where the capture can't tell, since it began in the middle or lacks packets, a segment counts as
// accepted: "ignored" is said only where the numbers show it.
#pragma once

#include "inspector/decode/packet.h"
#include "inspector/flow/connection.h"

namespace wireseam {

// Why the receiver ignores a packet that came in this direction; Cause::None: it does not.
// `connection` is as it was before the packet.
Cause why_ignored(const Connection& connection, const Packet& packet, Direction direction);

// Whether the windows of `sender` count in units that the capture lacks.
bool is_window_scale_unknown(const TcpHeader& tcp, const Half& sender, const Half& receiver);

// The window of a segment by `sender`, in bytes; where its scale isn't known, the largest it can
// be.
uint32_t largest_window(const TcpHeader& tcp, const Half& sender, const Half& receiver);

// Whether a SYN of this half has been acknowledged by `ack`; data may go with it (RFC 7413).
bool acknowledges_syn(uint32_t ack, const Half& of);

}  // namespace wireseam
