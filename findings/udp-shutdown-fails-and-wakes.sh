#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Linux 6.18, UDP: shutdown() of a socket without a peer fails with ENOTCONN, and yet a thread that is
# blocked in recv() on it returns at once, with 0, as if a datagram without bytes had come. The
# socket is not shut down: the next datagram is received.
set -euo pipefail
seen=$(python3 - <<'END'
import errno, socket, threading, time

receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.bind(("127.0.0.1", 0))
got = []
thread = threading.Thread(target=lambda: got.append(receiver.recv(10)))
thread.start()
stat = f"/proc/self/task/{thread.native_id}/stat"
while open(stat).read().rpartition(")")[2].split()[0] != "S":
    time.sleep(0.01)
try:
    receiver.shutdown(socket.SHUT_RDWR)
except OSError as error:
    print("shutdown:", errno.errorcode[error.errno])
thread.join()
print("recv:", got[0])
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"later", receiver.getsockname())
print("recv:", receiver.recv(10))
END
)
echo "$(uname -sr)"
echo "$seen"
[[ $seen == "shutdown: ENOTCONN
recv: b''
recv: b'later'" ]]
