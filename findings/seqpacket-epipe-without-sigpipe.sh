#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Linux 6.18, UNIX sockets: a send to a peer that is gone raises SIGPIPE only on SOCK_STREAM. On
# SOCK_SEQPACKET, which has connections and an end of file, too, it fails with EPIPE and no signal, so
# MSG_NOSIGNAL changes nothing there (send(2) speaks of "connection oriented" sockets).
set -euo pipefail
seen=$(python3 - <<'END'
import ctypes, errno, os, signal, socket

libc = ctypes.CDLL(None, use_errno=True)
for name in "SOCK_STREAM", "SOCK_SEQPACKET":
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        mine, peer = socket.socketpair(socket.AF_UNIX, getattr(socket, name))
        peer.close()
        result = libc.send(mine.fileno(), b"x", 1, 0)
        print(name, result, errno.errorcode[ctypes.get_errno()], flush=True)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        print(name, signal.Signals(os.WTERMSIG(status)).name)
END
)
echo "$(uname -sr)"
echo "$seen"
[[ $seen == "SOCK_STREAM SIGPIPE
SOCK_SEQPACKET -1 EPIPE" ]]
