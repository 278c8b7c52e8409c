# SPDX-License-Identifier: Apache-2.0
"""Packets with TCP over IPv4 in Ethernet frames, and the pcap files of wireseam inspect -w."""

import dataclasses
import hashlib
import itertools
import struct

ETHERNET = 14  # bytes
FIN, SYN = 1, 2
MAGIC_NANOSECONDS = 0xA1B23C4D


def is_tcp(frame):
    return frame[12:14] == b"\x08\x00" and frame[ETHERNET + 9] == 6


def fingerprint(frame):
    """The same for copies of a packet, and for nothing else: the IP ID is part of it."""
    length = struct.unpack_from("!H", frame, ETHERNET + 2)[0]
    return hashlib.blake2b(frame[ETHERNET:ETHERNET + length], digest_size=12).hexdigest()


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
    header = (frame[ETHERNET] & 15) * 4
    total, = struct.unpack_from("!H", frame, ETHERNET + 2)
    source, _, seq, _, offset, flags = struct.unpack_from("!HHIIBB", frame, ETHERNET + header)
    length = total - header - (offset >> 4) * 4
    return TcpPacket(source, seq, flags, length, fingerprint(frame))


def read(path):
    """(number, TcpPacket), for those of a capture with TCP."""
    with open(path, "rb") as file:
        magic, = struct.unpack("<I", file.read(24)[:4])
        assert magic == MAGIC_NANOSECONDS, "no pcap with nanoseconds"
        for number in itertools.count(1):
            header = file.read(16)
            if not header:
                return
            frame = file.read(struct.unpack("<IIII", header)[2])
            if is_tcp(frame):
                yield number, parse(frame)
