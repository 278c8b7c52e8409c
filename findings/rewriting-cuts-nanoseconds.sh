#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# tcpdump 4.99.3: reading a pcap file with nanoseconds and writing it again (-r FILE -w FILE, for a
# filter say) gives a file with microseconds, without a warning: the last three digits are gone unless
# --nano is given, which its manual describes as a matter of the output's precision.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
python3 -c '
import struct, sys
sys.stdout.buffer.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 101)
                        + struct.pack("<IIII", 1, 123456789, 1, 1) + b"\x45")' >"$folder/in.pcap"
nanoseconds() {
  python3 -c '
import struct, sys
data = open(sys.argv[1], "rb").read()
unit = {0xA1B23C4D: 1, 0xA1B2C3D4: 1000}[struct.unpack_from("<I", data)[0]]
print(struct.unpack_from("<I", data, 28)[0] * unit)' "$1"
}
tcpdump -r "$folder/in.pcap" -w "$folder/out.pcap" 2>"$folder/errors"
tcpdump --nano -r "$folder/in.pcap" -w "$folder/nano.pcap" 2>/dev/null
tcpdump --version 2>&1 | head -2
cat "$folder/errors"
echo "in: $(nanoseconds "$folder/in.pcap"), out: $(nanoseconds "$folder/out.pcap")," \
  "with --nano: $(nanoseconds "$folder/nano.pcap")"
[[ "$(nanoseconds "$folder/out.pcap") $(nanoseconds "$folder/nano.pcap")" == "123456000 123456789" ]]
