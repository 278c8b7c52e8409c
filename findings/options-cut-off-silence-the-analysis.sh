#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# tshark 4.0.17: where a snapshot length cuts off the TCP *options* of a packet (timestamps, at 60 of
# 66 bytes), tcp.analysis says nothing of it, although sequence numbers and lengths are all there; so a
# retransmission is none, while the same packets stored to the end of their options have it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
python3 - "$folder" <<'END'
import struct, sys

PAYLOAD = b"x" * 100


def packet(seq, ack, payload, to_server, moment):
    ports = (40000, 9) if to_server else (9, 40000)
    ends = b"\x0a\0\0\x01\x0a\0\0\x02" if to_server else b"\x0a\0\0\x02\x0a\0\0\x01"
    tcp = struct.pack("!HHIIBBHHH", *ports, seq, ack, 0x80, 0x18, 1000, 0, 0)
    tcp += struct.pack("!BBBBII", 1, 1, 8, 10, moment, 7) + payload
    return struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), moment, 0, 64, 6, 0) + ends + tcp


def write(name, stored):
    packets = [packet(101, 501, PAYLOAD, True, 1), packet(501, 101, b"", False, 2),
               packet(201, 501, PAYLOAD, True, 3), packet(101, 501, PAYLOAD, True, 900)]
    with open(f"{sys.argv[1]}/{name}.pcap", "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, stored, 101))
        for i, data in enumerate(packets):
            kept = data[:stored]
            file.write(struct.pack("<IIII", 1 + i, 0, len(kept), len(data)) + kept)


write("whole-options", 52)
write("cut-options", 46)
END
found() {
  tshark -r "$folder/$1.pcap" -Y tcp.analysis.retransmission -T fields -e frame.number 2>/dev/null |
    paste -sd ' '
}
tshark --version 2>/dev/null | head -1
seen="retransmissions with whole options: $(found whole-options); cut off: $(found cut-options)"
echo "$seen"
[[ $seen == "retransmissions with whole options: 4; cut off: " ]]
