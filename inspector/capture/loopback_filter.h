// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace wireseam {

// A packet on a loopback interface passes a capture twice: when it leaves, and when it arrives. Has
// the kernel leave out the first copy, so that it takes no room in the ring, whatever interface
// `packet_socket` is bound to (packet(7)), and besides what its filter leaves out already. Where it
// can't be done all remains as it was: libpcap drops the copies, but only behind the ring.
void leave_out_departures_on_loopback(int packet_socket);

}  // namespace wireseam
