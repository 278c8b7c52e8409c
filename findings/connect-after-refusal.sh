#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Linux 6.18, TCP: after a non-blocking connect() was refused and SO_ERROR has told so (and cleared
# it), the next connect() on that socket fails once more, with ECONNABORTED, though somebody listens
# by then; only the one after that begins to connect.
set -euo pipefail
seen=$(python3 - <<'END'
import errno, select, socket

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
client = socket.socket()
client.setblocking(False)

def connect():
    number = client.connect_ex(listener.getsockname())
    return errno.errorcode.get(number, number)

print("nobody listens:", connect(), end=" ")
select.select([], [client], [])
print(errno.errorcode[client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)],
      client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
listener.listen()
print("somebody listens:", connect(), connect())
END
)
echo "$(uname -sr)"
echo "$seen"
[[ $seen == "nobody listens: EINPROGRESS ECONNREFUSED 0
somebody listens: ECONNABORTED EINPROGRESS" ]]
