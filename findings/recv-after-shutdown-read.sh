#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Linux 6.18, TCP: shutdown(SHUT_RD) does not end what can be received. recv returns 0 at once, but
# bytes that arrive later are queued, acknowledged and returned, and the peer is never told: no
# reset, no error, although POSIX says that further receive operations are disallowed. A 0 of recv
# is therefore no end of the stream, and "data behind shutdown(SHUT_RD)" no cause of a reset while
# the other direction is open. Seen here: 0, then the late bytes, then 0 again.
set -euo pipefail
seen=$(python3 - <<'END'
import socket
listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
server, _ = listener.accept()
server.shutdown(socket.SHUT_RD)
print(server.recv(9))
client.sendall(b"late")
# An answer that has come back shows that the bytes before it have arrived.
server.sendall(b"x")
client.recv(1)
while not (late := server.recv(9)):
    pass
print(late, server.recv(9))
print(client.send(b"more"), "bytes more: no error")
END
)
echo "$(uname -sr)"
echo "$seen"
[[ $seen == "b''
b'late' b''
4 bytes more: no error" ]]
