#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Linux 6.18, TCP: an accepted socket has its listener's SO_LINGER, SO_RCVLOWAT and SO_RCVTIMEO, of
# which socket(7) and accept(2) say nothing (accept(2) speaks of file status flags, which are *not*
# inherited). A listener with SO_LINGER {1, 0} makes every server-side close a reset that no call on
# the accepted socket explains, and a time-out meant for accept() ends the recvs, too.
set -euo pipefail
seen=$(python3 - <<'END'
import errno, socket, struct
listener = socket.create_server(("127.0.0.1", 0))
listener.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 5)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, 100_000))
client = socket.create_connection(listener.getsockname())
server, _ = listener.accept()
print(struct.unpack("ii", server.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)),
      server.getsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT),
      struct.unpack("ll", server.getsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, 16)))
try:
    server.recv(9)
except OSError as error:
    print("recv:", errno.errorcode[error.errno])
server.close()
try:
    print("client:", client.recv(9))
except OSError as error:
    print("client:", errno.errorcode[error.errno])
END
)
echo "$(uname -sr)"
echo "$seen"
[[ $seen == "(1, 0) 5 (0, 100000)
recv: EAGAIN
client: ECONNRESET" ]]
