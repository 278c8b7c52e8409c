#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Linux 6.18, UNIX sockets: FIONREAD tells of SOCK_DGRAM the length of the next datagram, of
# SOCK_SEQPACKET the sum of all records that wait: a buffer of that size is too large for the next
# record, and the number does not say where it ends (unix(7) speaks of streams only).
set -euo pipefail
seen=$(python3 - <<'END'
import array, fcntl, socket, termios

for name in "SOCK_DGRAM", "SOCK_SEQPACKET":
    mine, peer = socket.socketpair(socket.AF_UNIX, getattr(socket, name))
    mine.send(b"a")
    mine.send(b"bcd")
    answer = array.array("i", [0])
    fcntl.ioctl(peer, termios.FIONREAD, answer)
    print(name, answer[0], peer.recv(answer[0]))
END
)
echo "$(uname -sr)"
echo "$seen"
[[ $seen == "SOCK_DGRAM 1 b'a'
SOCK_SEQPACKET 4 b'a'" ]]
