#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# libpcap 1.10.3, tcpdump 4.99.3: the filter "tcp port 80", and "tcp" alone, looks no further than the
# fixed header of IPv6: a SYN to port 80 behind a hop-by-hop header is TCP for tcpdump's own output
# and for tshark's display filter, and is left out by the capture filter.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
python3 - "$folder/two.pcap" <<'END'
import struct, sys

def ipv6(next_header, payload):
    loopback = bytes(15) + b"\x01"
    return struct.pack(">IHBB", 6 << 28, len(payload), next_header, 64) + 2 * loopback + payload

def syn(port):
    return struct.pack(">HHIIBBHHH", port, 80, 1, 0, 5 << 4, 2, 100, 0, 0)

padding = bytes([6, 0, 1, 4, 0, 0, 0, 0])  # hop-by-hop: TCP follows, a PadN of 4 bytes
with open(sys.argv[1], "wb") as capture:
    capture.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
    for packet in ipv6(6, syn(1000)), ipv6(0, padding + syn(1001)):
        capture.write(struct.pack("<IIII", 1, 0, len(packet), len(packet)) + packet)
END
count() { tcpdump -n -r "$folder/two.pcap" "$@" 2>/dev/null | wc -l; }
tcpdump --version 2>&1 | head -2
echo "packets: $(count), 'tcp': $(count tcp), 'tcp port 80': $(count tcp port 80)"
[[ "$(count) $(count tcp) $(count tcp port 80)" == "2 1 1" ]]
