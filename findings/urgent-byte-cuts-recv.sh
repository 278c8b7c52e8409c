#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Linux 6.18, TCP: there is one thing that cuts a stream so that recv keeps to it: the urgent mark.
# Bytes that lie in the queue together are returned by two recvs where an urgent byte lies between
# them, however much is asked for; with SO_OOBINLINE the second one begins with that byte. It is
# said of SIOCATMARK (POSIX: a read stops at the mark), but who explains a short recv looks for a
# segment's end or a buffer's size: here all are in one queue, with room for a hundred.
set -euo pipefail
seen=$(python3 - <<'END'
import fcntl, socket, struct, termios
for inline in (0, 1):
    listener = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(listener.getsockname())
    server, _ = listener.accept()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, inline)
    client.sendall(b"abc")
    client.send(b"D", socket.MSG_OOB)
    client.sendall(b"efg")
    # What waits, of which SIOCINQ sees no more than up to the mark.
    while struct.unpack("i", fcntl.ioctl(server, termios.FIONREAD, bytes(4)))[0] < 3:
        pass
    first = server.recv(100)
    rest = b""
    while len(rest) < 3 + inline:
        rest += server.recv(100)
    print(first, rest)
END
)
echo "$(uname -sr)"
echo "$seen"
[[ $seen == "b'abc' b'efg'
b'abc' b'Defg'" ]]
