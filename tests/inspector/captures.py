# SPDX-License-Identifier: Apache-2.0
"""Builds capture files out of bytes: packets of every link type, right and wrong ones."""

import dataclasses
import socket
import struct

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
TCP, UDP = 6, 17
START_S = 1_700_000_000

NULL, ETHERNET, RAW, LOOP, COOKED, COOKED_V2 = 0, 1, 101, 108, 113, 276
IPV4_TYPE, IPV6_TYPE, VLAN_TYPE, QINQ_TYPE = 0x0800, 0x86DD, 0x8100, 0x88A8

CLIENT, SERVER = "10.0.0.1", "10.0.0.2"
CLIENT6, SERVER6 = "2001:db8::1", "2001:db8::2"


@dataclasses.dataclass
class Captured:
    """A packet as a file has it."""
    bytes: bytes
    time_ns: int
    wire_length: int | None = None  # None: all of it was captured


def spaced(packets, step_ns=1_000_000, start_ns=START_S * 10**9):
    """One packet after the other, `step_ns` apart."""
    return [Captured(packet, start_ns + number * step_ns) for number, packet in enumerate(packets)]


def ipv4(payload, source=CLIENT, destination=SERVER, *, protocol=TCP, ident=0, place=0x4000,
         options=b"", length=None):
    """`place`: the flags and the offset of a fragment. `length`: what it claims to have."""
    words = 5 + len(options) // 4
    length = words * 4 + len(payload) if length is None else length
    return struct.pack(
        "!BBHHHBBH4s4s", 0x40 | words, 0, length, ident & 0xFFFF, place, 64, protocol, 0,
        socket.inet_aton(source), socket.inet_aton(destination)) + options + payload


def ipv6(payload, source=CLIENT6, destination=SERVER6, *, following=TCP):
    return struct.pack(
        "!IHBB16s16s", 6 << 28, len(payload), following, 64,
        socket.inet_pton(socket.AF_INET6, source),
        socket.inet_pton(socket.AF_INET6, destination)) + payload


def tcp(seq, ack, flags, payload=b"", *, ports=(40000, 80), options=b"", window=64240):
    words = 5 + len(options) // 4
    return struct.pack(
        "!HHIIBBHHH", *ports, seq % 2**32, ack % 2**32, words << 4, flags, window, 0,
        0) + options + payload


def udp(payload, ports=(40000, 53)):
    return struct.pack("!HHHH", *ports, 8 + len(payload), 0) + payload


def ethernet(payload, kind=IPV4_TYPE, tags=()):
    """`tags`: the EtherTypes of VLAN tags, the outer one first."""
    header = b"\x02\0\0\0\0\x02" + b"\x02\0\0\0\0\x01"
    for number, tag in enumerate(tags):
        header += struct.pack("!HH", tag, 100 + number)
    return header + struct.pack("!H", kind) + payload


def cooked(payload, kind=IPV4_TYPE):
    return struct.pack("!HHH8sH", 0, 1, 6, b"\x02\0\0\0\0\x01\0\0", kind) + payload


def cooked_v2(payload, kind=IPV4_TYPE):
    return struct.pack("!HHIHBB8s", kind, 0, 2, 1, 0, 6, b"\x02\0\0\0\0\x01\0\0") + payload


class Talk:
    """A TCP connection whose client and server say what they are told to, in IPv4."""

    def __init__(self, ports=(40000, 80), client=CLIENT, server=SERVER, isn=1000):
        self.ports, self.ends = ports, (client, server)
        self.next = [isn, isn + 5000]
        self.packets = []

    def segment(self, side, flags, payload=b"", seq=None):
        """From `side` (0: the client); a `seq` of its own does not move the stream on."""
        ports, ends = (self.ports, self.ends) if side == 0 else (self.ports[::-1], self.ends[::-1])
        at = self.next[side] if seq is None else seq
        ack = self.next[1 - side] if flags & ACK else 0
        self.packets.append(
            ipv4(tcp(at, ack, flags, payload, ports=ports), *ends, ident=len(self.packets)))
        if seq is None:
            self.next[side] = (at + len(payload) + bool(flags & (SYN | FIN))) % 2**32
        return self

    def open(self):
        return self.segment(0, SYN).segment(1, SYN | ACK).segment(0, ACK)

    def say(self, side, payload, size=1400):
        for at in range(0, len(payload), size):
            self.segment(side, ACK | PSH, payload[at:at + size])
        return self

    def close(self):
        return self.segment(0, ACK | FIN).segment(1, ACK | FIN).segment(0, ACK)


def conversation(payload=b"hello"):
    """The packets of a small connection, its answer included."""
    return Talk().open().say(0, payload).say(1, payload[::-1]).close().packets


def pcap(packets, link_type=RAW, *, order="<", nanoseconds=False, snaplen=262144):
    magic = 0xA1B23C4D if nanoseconds else 0xA1B2C3D4
    unit = 1 if nanoseconds else 1000
    parts = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snaplen, link_type)]
    record = struct.Struct(order + "IIII")
    for packet in packets:
        seconds, rest = divmod(packet.time_ns, 10**9)
        size = len(packet.bytes)
        wire = size if packet.wire_length is None else packet.wire_length
        parts += (record.pack(seconds % 2**32, rest // unit, size, wire), packet.bytes)
    return b"".join(parts)


class PcapNg:
    """A pcapng file, block by block."""
    SECTION, INTERFACE, OLD, SIMPLE, STATISTICS, ENHANCED = 0x0A0D0D0A, 1, 2, 3, 5, 6
    COMMENT = 1

    def __init__(self, order="<"):
        self.order = order
        self.bytes = b""

    def block(self, kind, body):
        body += bytes(-len(body) % 4)
        size = struct.pack(self.order + "I", 12 + len(body))
        self.bytes += struct.pack(self.order + "I", kind) + size + body + size
        return self

    def option(self, code, value):
        return struct.pack(self.order + "HH", code, len(value)) + value + bytes(-len(value) % 4)

    def section(self, length=-1, options=b""):
        body = struct.pack(self.order + "IHHq", 0x1A2B3C4D, 1, 0, length)
        return self.block(self.SECTION, body + options)

    def interface(self, link_type=ETHERNET, *, snaplen=262144, resolution=None, options=b""):
        """`resolution`: if_tsresol, 6 for microseconds, 0x80 | n for 2^-n seconds."""
        if resolution is not None:
            options += self.option(9, bytes([resolution])) + self.option(0, b"")
        return self.block(
            self.INTERFACE, struct.pack(self.order + "HHI", link_type, 0, snaplen) + options)

    def packet(self, data, ticks=0, interface=0, *, wire_length=None, options=b""):
        wire_length = len(data) if wire_length is None else wire_length
        head = struct.pack(self.order + "IIIII", interface, ticks >> 32, ticks % 2**32,
                           len(data), wire_length)
        return self.block(self.ENHANCED, head + data + bytes(-len(data) % 4) + options)

    def old(self, data, ticks=0, interface=0, drops=0):
        head = struct.pack(self.order + "HHIIII", interface, drops, ticks >> 32, ticks % 2**32,
                           len(data), len(data))
        return self.block(self.OLD, head + data)

    def simple(self, data):
        return self.block(self.SIMPLE, struct.pack(self.order + "I", len(data)) + data)
