#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# tshark 4.0.17: -T fields -e tcp.completeness tells of each packet what was known *before* it, and of
# a connection's last packet never what it became; with -2 every packet has the connection's final
# value. So a capture of one SYN is "0" in one pass, and "1" in two; and an RST by itself is not the 32
# of its bit but 0 in both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
python3 - "$folder" <<'END'
import struct, sys

SYN, RST, ACK = 2, 4, 16


def packet(flags, seq, ack, to_server):
    ports = (40000, 9) if to_server else (9, 40000)
    ends = b"\x0a\0\0\x01\x0a\0\0\x02" if to_server else b"\x0a\0\0\x02\x0a\0\0\x01"
    tcp = struct.pack("!HHIIBBHHH", *ports, seq, ack, 0x50, flags, 1000, 0, 0)
    return struct.pack("!BBHHHBBH", 0x45, 0, 40, seq & 0xFFFF, 0, 64, 6, 0) + ends + tcp


def write(name, packets):
    with open(f"{sys.argv[1]}/{name}.pcap", "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for i, data in enumerate(packets):
            file.write(struct.pack("<IIII", 1, i * 1000, len(data), len(data)) + data)


syn = packet(SYN, 100, 0, True)
write("handshake", [syn, packet(SYN | ACK, 500, 101, False), packet(ACK, 101, 501, True)])
write("syn", [syn])
write("rst", [packet(RST, 101, 0, True)])
END
values() {
  tshark -r "$folder/$1.pcap" "${@:2}" -T fields -e tcp.completeness 2>/dev/null | paste -sd ' '
}
tshark --version 2>/dev/null | head -1
seen=$(for name in handshake syn rst; do echo "$name: $(values $name); with -2: $(values $name -2)"; done)
echo "$seen"
[[ $seen == "handshake: 0 1 3; with -2: 7 7 7
syn: 0; with -2: 1
rst: 0; with -2: 0" ]]
