#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Linux 6.18, TCP: a *blocking* connect() under SO_SNDTIMEO doesn't fail with ETIMEDOUT or EAGAIN,
# as socket(7) has it for sends, but with EINPROGRESS, and the attempt goes on: the SYN is sent
# again, and the socket is connected later without another call. Who takes EINPROGRESS for the
# business of non-blocking sockets opens a second connection beside the first. The listener's
# backlog is full here; then it accepts.
set -euo pipefail
seen=$(python3 - <<'END'
import errno, select, socket, struct
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(0)
first = socket.create_connection(listener.getsockname())
late = socket.socket()
late.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 0, 200_000))
try:
    late.connect(listener.getsockname())
    print("connected at once")
except OSError as error:
    print(errno.errorcode[error.errno])
listener.accept()
print("writable later:", bool(select.select([], [late], [], 10)[1]))
print("error:", late.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
print("peer is the listener:", late.getpeername() == listener.getsockname())
END
)
echo "$(uname -sr)"
echo "$seen"
[[ $seen == "EINPROGRESS
writable later: True
error: 0
peer is the listener: True" ]]
