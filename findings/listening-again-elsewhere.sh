#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Linux 6.18, TCP: shutdown(SHUT_RD) ends listening, and the next listen() begins it again; but where
# bind() had left the choice of the port to the kernel (port 0), the port is given back meanwhile
# and listen() takes another one, without a word. A port that was named is kept.
set -euo pipefail
seen=$(python3 - <<'END'
import socket

def listen_again(port):
    listener = socket.create_server(("127.0.0.1", port))
    before = listener.getsockname()
    listener.shutdown(socket.SHUT_RD)
    listener.listen()
    after = listener.getsockname()
    listener.close()
    return before, after

before, after = listen_again(0)
print("chosen by the kernel:", "kept" if before == after else "another port")
before, after = listen_again(before[1])
print("named:", "kept" if before == after else "another port")
END
)
echo "$(uname -sr)"
echo "$seen"
[[ $seen == "chosen by the kernel: another port
named: kept" ]]
