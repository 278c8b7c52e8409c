#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# CPython 3.11: socket.send_fds() takes flags and an address, socket.recv_fds() takes flags, and
# neither passes them on: a peek takes the message away, MSG_DONTWAIT waits. The functions are
# plain Python (Lib/socket.py) around sendmsg and recvmsg, which do take them.
set -euo pipefail
seen=$(python3 - <<'END'
import errno, os, socket
near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
socket.send_fds(near, [b"message"], [0])
data, fds, _, _ = socket.recv_fds(far, 99, 1, socket.MSG_PEEK)
print("peeked at:", data, len(fds))
far.setblocking(False)
try:
    print("left:", far.recv(99))
except OSError as error:
    print("left:", errno.errorcode[error.errno])
other = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
other.bind("\0findings-%d" % os.getpid())
alone = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
try:
    socket.send_fds(alone, [b"message"], [0], 0, other.getsockname())
    print("sent to the address")
except OSError as error:
    print("to an address:", errno.errorcode[error.errno])
END
)
python3 --version
echo "$seen"
[[ $seen == "peeked at: b'message' 1
left: EAGAIN
to an address: ENOTCONN" ]]
