#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Linux 6.18, UNIX sockets: SIOCOUTQ (TIOCOUTQ) answers what the unread sends take of the kernel's
# memory, not how many bytes they have, as tcp(7) says of TCP: 1 byte counts some hundreds, and so
# does each further send. Whoever waits for a small number "until nearly all was read" waits wrongly.
set -euo pipefail
seen=$(python3 - <<'END'
import array, fcntl, socket, termios

def ask(which, request):
    answer = array.array("i", [0])
    fcntl.ioctl(which, request, answer)
    return answer[0]

mine, peer = socket.socketpair()
counts = []
for _ in range(2):
    mine.send(b"x")
    counts.append(ask(mine, termios.TIOCOUTQ))
print("2 sends of 1 byte; unread by FIONREAD:", ask(peer, termios.FIONREAD))
print("by SIOCOUTQ after each:", *counts)
print("in bytes" if counts == [1, 2] else "in memory" if counts[0] > 100 and
      counts[1] == 2 * counts[0] else "otherwise")
END
)
echo "$(uname -sr)"
echo "$seen"
[[ $seen == *"FIONREAD: 2"*"in memory" ]]
