#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Linux 6.18, TCP: SO_MAX_PACING_RATE "limits the maximum transmit rate", but not that of a
# connection's first segments, and over loopback one of these has up to 64 KB: at 1 MB/s 300,000
# bytes arrive within a few milliseconds, of 1,000,000 bytes only the rest is held back.
set -euo pipefail
seen=$(python3 - <<'END'
import socket, threading, time

SO_MAX_PACING_RATE, RATE = 47, 1_000_000  # bytes a second


def seconds(size):
    listener = socket.create_server(("127.0.0.1", 0))
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, SO_MAX_PACING_RATE, RATE)
    client.connect(listener.getsockname())
    server, _ = listener.accept()
    begin = time.monotonic()
    sender = threading.Thread(target=client.sendall, args=(bytes(size),))
    sender.start()
    while size > 0:
        size -= len(server.recv(1 << 20))
    sender.join()
    return time.monotonic() - begin


small, large = min(seconds(300_000) for _ in range(5)), seconds(1_000_000)
print(f"300,000 bytes in {small:.3f} s, 1,000,000 bytes in {large:.3f} s at 1,000,000 bytes a second")
print("held" if small > 0.2 else "spared", "held" if 0.3 < large < 0.9 else "not so")
END
)
uname -sr
echo "$seen"
[[ $seen == *"spared held" ]]
