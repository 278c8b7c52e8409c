# SPDX-License-Identifier: Apache-2.0
"""Packets with TCP in Ethernet frames, and the pcap files of wireseam."""

import dataclasses
import hashlib
import itertools
import struct

ETHERNET = 14  # bytes
IPV4, IPV6 = b"\x08\x00", b"\x86\xdd"
IPV6_HEADER = 40
FIN, SYN = 1, 2
MAGIC_NANOSECONDS = 0xA1B23C4D
# Link type -> size of the header, which ends with the EtherType as that of Ethernet does.
LINK_HEADERS = {1: ETHERNET, 113: 16, 276: 20}
COOKED_V2 = 276  # its protocol is the first field


def is_tcp(frame):
    protocol_at = {IPV4: ETHERNET + 9, IPV6: ETHERNET + 6}.get(frame[12:14])
    return protocol_at is not None and frame[protocol_at] == 6


def ip_extent(frame):
    """Where the IP packet's payload begins and ends."""
    if frame[12:14] == IPV6:
        begin = ETHERNET + IPV6_HEADER
        return begin, begin + struct.unpack_from("!H", frame, ETHERNET + 4)[0]
    end = ETHERNET + struct.unpack_from("!H", frame, ETHERNET + 2)[0]
    return ETHERNET + (frame[ETHERNET] & 15) * 4, end


@dataclasses.dataclass
class TcpPacket:
    source_port: int
    seq: int
    flags: int
    length: int  # of the payload
    fingerprint: str

    @property
    def carries(self):
        return self.size > 0

    @property
    def size(self):
        """In sequence numbers."""
        return self.length + bool(self.flags & (SYN | FIN))


def parse(frame):
    begin, end = ip_extent(frame)
    source, _, seq, _, offset, flags = struct.unpack_from("!HHIIBB", frame, begin)
    # The same for copies of a packet, and hardly ever for anything else: of IPv4 the ID differs.
    fingerprint = hashlib.blake2b(frame[ETHERNET:end], digest_size=12).hexdigest()
    return TcpPacket(source, seq, flags, end - begin - (offset >> 4) * 4, fingerprint)


def read(path):
    """(number, TcpPacket), for those of a capture with TCP."""
    with open(path, "rb") as file:
        magic, link_type = struct.unpack("<I16xI", file.read(24))
        assert magic == MAGIC_NANOSECONDS, "no pcap with nanoseconds"
        surplus = LINK_HEADERS[link_type] - ETHERNET
        for number in itertools.count(1):
            header = file.read(16)
            if not header:
                return
            packet = file.read(struct.unpack("<IIII", header)[2])
            frame = packet[surplus:]
            if link_type == COOKED_V2:
                frame = bytes(ETHERNET - 2) + packet[:2] + packet[LINK_HEADERS[COOKED_V2]:]
            if is_tcp(frame):
                yield number, parse(frame)
