#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Linux 6.18, MPTCP: once the peer has closed, FIONREAD (SIOCINQ) counts the end of the stream as a
# byte: 4 for 3 unread ones, and 1 when all are read and recv() gives 0. Of TCP it does not. A program
# that closes "with nothing unread", or one that tells why a reset was sent, is wrong by that byte.
set -euo pipefail
seen=$(python3 - <<'END'
import array, fcntl, socket, termios, time

def unread(which):
    answer = array.array("i", [0])
    fcntl.ioctl(which, termios.FIONREAD, answer)
    return answer[0]

for name, protocol in ("TCP", socket.IPPROTO_TCP), ("MPTCP", 262):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    client.connect(listener.getsockname())
    server, _ = listener.accept()
    client.send(b"abc")
    while unread(server) == 0:
        time.sleep(0.01)
    before = unread(server)
    client.close()
    time.sleep(0.3)
    at_end = unread(server)
    server.recv(10)
    print(f"{name}: {before}, closed: {at_end}, read: {unread(server)}, then {server.recv(10)}")
END
)
echo "$(uname -sr)"
echo "$seen"
[[ $seen == "TCP: 3, closed: 3, read: 0, then b''
MPTCP: 3, closed: 4, read: 1, then b''" ]]
