#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Linux 6.18, UDP: connect() to port 0 succeeds and gives the socket a local address; then getpeername()
# fails with ENOTCONN, and yet send() without an address succeeds, where sendto() the same address is
# EINVAL. A port that was forgotten in a configuration is no error of any call: nothing arrives.
set -euo pipefail
seen=$(python3 - <<'END'
import errno, socket

client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.connect(("127.0.0.1", 0))
print("connect: 0, local port", "chosen" if client.getsockname()[1] else 0)
calls = {
    "getpeername": client.getpeername,
    "send": lambda: client.send(b"x"),
    "sendto": lambda: client.sendto(b"x", ("127.0.0.1", 0)),
}
for name, call in calls.items():
    try:
        print(f"{name}:", call())
    except OSError as error:
        print(f"{name}:", errno.errorcode[error.errno])
END
)
echo "$(uname -sr)"
echo "$seen"
[[ $seen == "connect: 0, local port chosen
getpeername: ENOTCONN
send: 1
sendto: EINVAL" ]]
