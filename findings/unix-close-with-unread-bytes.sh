#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Linux 6.18, UNIX stream sockets: there are resets without a network. Who closes with unread bytes
# in its queue makes the peer's recv fail with ECONNRESET, once, behind all that was queued for it;
# then it is an ordinary end of the stream. unix(7) has no more than "unexpectedly closed". So a program
# that is tested through a socketpair, whose other end was closed "cleanly", sees what looks like TCP.
set -euo pipefail
seen=$(python3 - <<'END'
import errno, socket
def received(end):
    try:
        return end.recv(9)
    except OSError as error:
        return errno.errorcode[error.errno]
for unread in (b"", b"question"):
    near, far = socket.socketpair()
    near.send(unread)
    far.send(b"answer")
    far.close()
    print(received(near), received(near), received(near))
END
)
echo "$(uname -sr)"
echo "$seen"
[[ $seen == "b'answer' b'' b''
b'answer' ECONNRESET b''" ]]
