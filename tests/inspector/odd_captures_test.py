# SPDX-License-Identifier: Apache-2.0
"""Captures of every form a file can have are read as tshark reads them, packet by packet."""

import datetime
import pathlib
import struct
import tempfile
import unittest

import captures
import inspecting
import tshark
from captures import Captured, PcapNg, conversation, ethernet, ipv4, ipv6, pcap, spaced, tcp, udp

EPOCH = datetime.datetime(1970, 1, 1)
US = captures.START_S * 10**6  # pcapng's clock, where an interface says nothing else
NS = US * 1000


def nanoseconds(time):
    """Since 1970, of "2023-11-14T22:13:20.000000001Z"."""
    whole, rest = time.rstrip("Z").split(".")
    since = datetime.datetime.fromisoformat(whole) - EPOCH
    return (since.days * 86400 + since.seconds) * 10**9 + int(rest)


def captured():
    return spaced(conversation())


def linked(wrap, link_type):
    """The conversation under another link layer."""
    return pcap(spaced([wrap(packet) for packet in conversation()]), link_type)


def family(order, number):
    return lambda packet: struct.pack(order + "I", number) + packet


def cut_to(size):
    return pcap([Captured(packet.bytes[:size], packet.time_ns, len(packet.bytes))
                 for packet in captured()])


def with_options(options):
    """A SYN with these options, which are padded as those of a careless sender."""
    options += bytes(-len(options) % 4)
    return pcap(spaced([ipv4(tcp(1, 0, captures.SYN, options=options))]))


def extended(headers, payload=None):
    """An IPv6 packet with these (next header's number, bytes) in front of a SYN."""
    payload = tcp(1, 0, captures.SYN) if payload is None else payload
    following = captures.TCP
    for number, size in reversed(headers):
        payload = bytes([following, size // 8 - 1]) + bytes(size - 2) + payload
        following = number
    return ipv6(payload, following=following)


def fragments6(payload, size):
    """An IPv6 datagram of UDP in pieces of `size` bytes."""
    return [
        ipv6(struct.pack("!BBHI", captures.UDP, 0, at | (at + size < len(payload)), 7) +
             payload[at:at + size], following=44)
        for at in range(0, len(payload), size)]


def fragments4(payload, size):
    return [
        ipv4(payload[at:at + size], protocol=captures.UDP, ident=9,
             place=at // 8 | (0x2000 if at + size < len(payload) else 0))
        for at in range(0, len(payload), size)]


def pcapng(order="<", ticks=US, resolution=None):
    file = PcapNg(order).section().interface(resolution=resolution)
    for number, packet in enumerate(conversation()):
        file.packet(ethernet(packet), ticks + number)
    return file.bytes


def pcapng_of_several_clocks():
    file = PcapNg().section().interface(resolution=9).interface(resolution=0x80 | 20)
    file.interface(resolution=0)
    for number, packet in enumerate(conversation()):
        clock = number % 3
        ticks = [NS + number, captures.START_S << 20, captures.START_S][clock]
        file.packet(ethernet(packet), ticks, clock)
    return file.bytes


def pcapng_with_other_blocks():
    comment = PcapNg().option(PcapNg.COMMENT, b"a \x1b[31mcomment\xff") + PcapNg().option(0, b"")
    file = PcapNg().section(options=comment).block(0x7777, b"nobody knows").interface()
    file.block(4, bytes(4)).block(5, bytes(12))
    for number, packet in enumerate(conversation()):
        file.packet(ethernet(packet), US + number, options=comment)
    return file.bytes


def pcapng_of_simple_packets():
    file = PcapNg().section().interface()
    for packet in conversation():
        file.simple(ethernet(packet))
    return file.bytes


def pcapng_of_several_sections():
    return pcapng() + pcapng(">", ticks=NS + 10**9, resolution=9) + pcapng(ticks=US + 2 * 10**6)


def pcapng_of_several_link_types():
    """Each interface is described when its first packet comes; they differ in all that they can."""
    file = PcapNg().section()
    links = ((captures.ETHERNET, ethernet), (captures.RAW, bytes), (captures.COOKED_V2,
             captures.cooked_v2), (captures.COOKED, captures.cooked))
    for number, packet in enumerate(conversation()):
        link_type, wrap = links[number % len(links)]
        if number < len(links):
            file.interface(link_type, snaplen=65536 >> number)
        file.packet(wrap(packet), US + number, number % len(links))
    return file.bytes


def pcapng_with_offsets(offset):
    file = PcapNg()
    options = file.option(14, struct.pack("<q", offset)) + file.option(0, b"")
    file.section().interface(resolution=6, options=options)
    for number, packet in enumerate(conversation()):
        file.packet(ethernet(packet), US + number)
    return file.bytes


def pcapng_of_old_packets():
    file = PcapNg(">").section().interface(captures.RAW)
    for number, packet in enumerate(conversation()):
        file.old(packet, US + number)
    return file.bytes


def pcapng_with_numbered_blocks():
    """Of kinds that tshark numbers as it does packets, and of others."""
    file = PcapNg().section().interface()
    for number, packet in enumerate(conversation()):
        kind = (9, 0xBAD, 0x40000BAD, 0x204, 0x208, 0x216, 0x221, 0x7777)[number % 8]
        file.block(kind, b"text" * 25).packet(ethernet(packet), US + number)
    return file.bytes


CAPTURES = {
    "big-endian": pcap(captured(), order=">"),
    "with nanoseconds": pcap(captured(), nanoseconds=True),
    "big-endian with nanoseconds": pcap(captured(), order=">", nanoseconds=True),
    "Ethernet": linked(ethernet, captures.ETHERNET),
    "VLAN": linked(lambda p: ethernet(p, tags=(captures.VLAN_TYPE,)), captures.ETHERNET),
    "QinQ": linked(lambda p: ethernet(p, tags=(captures.QINQ_TYPE, captures.VLAN_TYPE)),
                   captures.ETHERNET),
    "Linux cooked": linked(captures.cooked, captures.COOKED),
    "Linux cooked v2": linked(captures.cooked_v2, captures.COOKED_V2),
    "null": linked(family("<", 2), captures.NULL),
    "null of a big-endian machine": linked(family(">", 2), captures.NULL),
    "loop": linked(family(">", 2), captures.LOOP),
    "cut within the payload": cut_to(43),
    "more captured than there was": pcap([Captured(p.bytes, p.time_ns, 20) for p in captured()]),
    "a snapshot length of 0": pcap(captured(), snaplen=0),
    "a snapshot length below 0": pcap(captured(), snaplen=2**32 - 1),
    "of 1970": pcap(spaced(conversation(), start_ns=0)),
    "of 2106": pcap(spaced(conversation(), start_ns=(2**32 - 2) * 10**9)),
    "back in time": pcap(spaced(conversation(), step_ns=-10**9)),
    "a jump in time": pcap([
        Captured(packet, (2**32 - 1 if number == 1 else captures.START_S + number) * 10**9)
        for number, packet in enumerate(conversation())]),
    "a TCP option of length 0": with_options(b"\x02\x00\x05\xb4"),
    "a TCP option of length 1": with_options(b"\x01\x03\x01\x07"),
    "a TCP option that is too long": with_options(b"\x02\x28\x05\xb4"),
    "a TCP option of a wrong size": with_options(b"\x02\x03\x05\x03\x04\x07\x00\x00"),
    "IPv6 with extension headers": pcap(spaced([extended([(0, 8), (60, 24), (43, 8)])])),
    "IPv6 with a hundred headers": pcap(spaced([extended([(60, 8)] * 100)])),
    "IPv6 in fragments": pcap(spaced(fragments6(udp(b"x" * 3000), 1000))),
    "IPv4 in fragments": pcap(spaced(fragments4(udp(b"x" * 3000), 1000))),
    "IPv4 in fragments, the last one first": pcap(spaced(fragments4(udp(b"x" * 99), 48)[::-1])),
    "IPv4 with options": pcap(spaced([ipv4(tcp(1, 0, 2), options=b"\x94\x04\0\0" * 10)])),
    "IPv4 with a length of 0": pcap(spaced([ipv4(tcp(1, 0, 2), length=0)])),
    "empty": pcap([]),
    "pcapng": pcapng(),
    "big-endian pcapng": pcapng(">"),
    "pcapng with several clocks": pcapng_of_several_clocks(),
    "pcapng with blocks that nobody knows": pcapng_with_other_blocks(),
    "pcapng of simple packets": pcapng_of_simple_packets(),
    "pcapng of several sections": pcapng_of_several_sections(),
    "pcapng of several link types": pcapng_of_several_link_types(),
    "pcapng with an offset of its times": pcapng_with_offsets(-12345),
    "pcapng with old packets": pcapng_of_old_packets(),
    "pcapng with blocks that count": pcapng_with_numbered_blocks(),
    "pcapng with an empty section": PcapNg().section(0).interface().bytes + pcapng(),
}


@unittest.skipIf(tshark.lacks(), tshark.lacks())
class OddCaptures(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.capture = pathlib.Path(folder.name) / "odd"

    def test_every_form_of_capture_has_the_same_packets_as_for_tshark(self):
        for name, content in CAPTURES.items():
            with self.subTest(name):
                self.capture.write_bytes(content)
                self.assertEqual(self.ours(), self.theirs())

    def ours(self):
        """(packet, connection, time, payload's length) of each one that has a connection."""
        streams = {}
        found = []
        for line in inspecting.inspect(self.capture, "--segments"):
            if line["type"] == "connection":
                streams[line["connection"]] = line["transport"]
            if line["type"] == "segment":
                size = line["range"]["end"] - line["range"]["begin"]
                found.append((line["packet"], line["connection"], nanoseconds(line["time"]), size))
        return [(packet, streams[connection], time_ns, size)
                for packet, connection, time_ns, size in found]

    def theirs(self):
        found = []
        for number, time, tcp_size, udp_size in tshark.fields(
                self.capture, "frame.number", "frame.time_epoch", "tcp.len", "udp.length",
                which="tcp or udp"):
            transport = "udp" if udp_size else "tcp"
            size = int(udp_size) - 8 if udp_size else int(tcp_size)
            found.append((int(number), transport, tshark.nanoseconds(time or 0), size))
        return found


if __name__ == "__main__":
    inspecting.run_tests()
