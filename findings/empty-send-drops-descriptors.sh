#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Linux 6.18, UNIX stream sockets: sendmsg() with SCM_RIGHTS and no byte of data succeeds (0), and
# the descriptors are gone: nothing wakes the peer, nothing is received, and the next message comes
# without them. A datagram without data takes them along. unix(7) says that a stream needs "at least
# one byte of real data", not that the call succeeds all the same.
set -euo pipefail
seen=$(python3 - <<'END'
import os, socket
for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM):
    near, far = socket.socketpair(socket.AF_UNIX, kind)
    sent = socket.send_fds(near, [b""], [0])
    near.send(b"next")
    data, fds, _, _ = socket.recv_fds(far, 9, 4)
    print(kind.name, sent, data, len(fds))
END
)
echo "$(uname -sr)"
echo "$seen"
[[ $seen == "SOCK_STREAM 0 b'next' 0
SOCK_SEQPACKET 0 b'' 1
SOCK_DGRAM 0 b'' 1" ]]
