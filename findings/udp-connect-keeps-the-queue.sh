#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Linux 6.18, UDP: connect() chooses from whom datagrams come, but only those that come later. What
# was in the queue before stays there, so that the first recv() of a "connected" socket may return a
# stranger's datagram, and recv() doesn't say whose. udp(7): "only packets from that address will be
# received".
set -euo pipefail
seen=$(python3 - <<'END'
import select, socket
def bound():
    end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    end.bind(("127.0.0.1", 0))
    return end
server, stranger, peer = bound(), bound(), bound()
stranger.sendto(b"from a stranger", server.getsockname())
select.select([server], [], [])
server.connect(peer.getsockname())
stranger.sendto(b"too late", server.getsockname())
peer.sendto(b"from the peer", server.getsockname())
print(server.recv(99), server.recv(99))
END
)
echo "$(uname -sr)"
echo "$seen"
[[ $seen == "b'from a stranger' b'from the peer'" ]]
