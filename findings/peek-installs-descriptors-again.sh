#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Linux 6.18: recvmsg(MSG_PEEK) on a UNIX socket does not only look. Each peek at a message with
# SCM_RIGHTS installs another set of descriptors, and the recvmsg that takes the message one more:
# who peeks for a length and then receives leaks one descriptor each time. A tracer has to count
# these as new descriptors, although no byte has moved.
set -euo pipefail
seen=$(python3 - <<'END'
import array, os, socket
near, far = socket.socketpair()
reader, _ = os.pipe()
socket.send_fds(near, [b"x"], [reader])
before = len(os.listdir("/proc/self/fd"))
installed = set()
for flags in (socket.MSG_PEEK, socket.MSG_PEEK, 0):
    _, ((_, _, passed),), _, _ = far.recvmsg(1, socket.CMSG_LEN(4), flags)
    installed.add(array.array("i", passed)[0])
print(len(installed), "numbers for one descriptor that was sent once")
print(len(os.listdir("/proc/self/fd")) - before, "more are open")
END
)
echo "$(uname -sr)"
echo "$seen"
[[ $seen == "3 numbers for one descriptor that was sent once
3 more are open" ]]
