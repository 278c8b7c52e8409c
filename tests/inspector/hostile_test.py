# SPDX-License-Identifier: Apache-2.0
"""Captures that were made to hurt end soon, and in bounded memory."""

import json
import pathlib
import resource
import struct
import subprocess
import tempfile
import unittest

import captures
import inspecting
from captures import ACK, RST, SYN, UDP, Talk, ipv4, pcap, spaced, tcp, udp

MANY = 100_000  # packets
MIB = 1 << 20
FRAMINGS = [
    "raw", "len32le", "json-header", "line", "varint", "tls", "postgres", "mysql", "mongodb",
    "kafka", "http2", "dns", "amqp", "thrift", "mqtt", "auto", "lf:offset=0,width=4,order=be",
    "lf:offset=0,width=8,order=be"]


def stranger(number):
    """Addresses and ports of one of very many clients."""
    ports = (1024 + number % 50000, 80)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}", ports


def syn(number, seq=0):
    address, ports = stranger(number)
    return ipv4(tcp(seq, 0, SYN, ports=ports), address)


def with_hole(number):
    """A connection of which bytes are missing."""
    address, ports = stranger(number)
    talk = Talk(ports=ports, client=address).open()
    return talk.segment(0, ACK, b"late", seq=talk.next[0] + 10).packets


def reset(number):
    address, ports = stranger(number)
    return ipv4(tcp(1021, 0, RST, ports=ports), address)


def segments(places, size):
    """Segments of that size at these offsets of a stream."""
    talk = Talk().open()
    begin = talk.next[0]
    for place in places:
        talk.segment(0, ACK, b"x" * size, seq=begin + place)
    return talk.packets


def fragment(number, *, ident, place, size=8):
    return ipv4(bytes(size), stranger(number)[0], protocol=UDP, ident=ident, place=0x2000 | place)


def sent(payload):
    return Talk().open().say(0, payload).say(1, payload).close().packets


class Hostile(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.capture = pathlib.Path(folder.name) / "hostile.pcap"
        self.output = pathlib.Path(folder.name) / "output"

    def inspect(self, packets, *options, memory=64 * MIB, seconds=60):
        """The summary; the test fails above so much memory or time."""
        self.capture.write_bytes(pcap(packets))
        with self.output.open("wb") as output:
            subprocess.run(
                [inspecting.WIRESEAM, "inspect", self.capture, "--json", *options], stdout=output,
                check=True, timeout=seconds,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory)))
        with self.output.open("rb") as output:
            output.seek(-min(4096, self.output.stat().st_size), 2)
            return json.loads(output.read().splitlines()[-1])

    def test_syns_of_very_many_clients(self):
        summary = self.inspect(spaced(map(syn, range(MANY))), memory=192 * MIB)
        self.assertEqual(summary["connections"]["tcp"], MANY)

    def test_syns_of_one_client_with_ever_another_number(self):
        summary = self.inspect(spaced(syn(1, seq) for seq in range(0, 7 * MANY, 7)))
        self.assertEqual(summary["connections"]["tcp"], MANY)

    def test_datagrams_of_very_many_clients(self):
        datagrams = (ipv4(udp(b"x"), stranger(n)[0], protocol=UDP) for n in range(MANY))
        summary = self.inspect(spaced(datagrams), memory=192 * MIB)
        self.assertEqual(summary["connections"]["udp"], MANY)

    def test_very_many_connections_that_end_at_the_same_time(self):
        clients = range(MANY // 5)
        opened = [packet for client in clients for packet in with_hole(client)]
        later = spaced(map(reset, clients), 1000, start_ns=(captures.START_S + 200) * 10**9)
        afterwards = spaced([ipv4(udp(b"x"), protocol=UDP)] * 1000, 1000,
                            start_ns=(captures.START_S + 400) * 10**9)
        summary = self.inspect(spaced(opened) + later + afterwards, memory=80 * MIB)
        self.assertEqual(summary["connections"]["tcp"], len(clients))

    def test_fragments_without_end(self):
        for name, packets in (
                ("of one datagram",
                 (fragment(1, ident=7, place=2 * n % 8190) for n in range(MANY))),
                ("of ever another", (fragment(n, ident=n, place=8000) for n in range(MANY))),
                ("that overlap",
                 (fragment(1, ident=7, place=n % 8000, size=24) for n in range(MANY)))):
            with self.subTest(name):
                summary = self.inspect(spaced(packets, 1000))
                self.assertEqual(summary["decoded"]["whole"], 0)
                self.assertEqual(summary["packets"], MANY)

    def test_segments_that_overlap_without_end(self):
        for name, places, size in (
                ("in order", range(MANY // 10), 1000),
                ("behind a hole", range(1, MANY // 10), 500),
                ("the same one again and again", [0] * (MANY // 5), 100),
                ("in reverse order", range(MANY, 0, -10), 10),
                ("with a hole behind each byte", range(1, 2 * MANY, 2), 1),
                ("anywhere", [n * 2654435761 % 2**31 for n in range(MANY)], 10),
                ("half the numbers ahead", [n * 0x7FFFFFF0 for n in range(MANY)], 10)):
            with self.subTest(name):
                summary = self.inspect(spaced(segments(places, size), 1000), memory=128 * MIB)
                self.assertEqual(summary["packets"], len(places) + 3)

    def test_bytes_behind_holes_are_held_within_what_memory_allows(self):
        places = range(1, 4000 * 1400, 1400)
        streams = spaced(segments(places, 1390), 1000)
        summary = self.inspect(streams, "--memory", "1", memory=32 * MIB)
        self.assertGreater(summary["holes_given_up_for_memory"], 0)

    def test_a_hole_that_is_filled_at_last_with_very_many_frames_behind_it(self):
        lines = b"\n" * 1400
        talk = Talk().open()
        begin = talk.next[0]
        for place in range(1, 200 * len(lines), len(lines)):
            talk.segment(0, ACK, lines, seq=begin + place)
        talk.segment(0, ACK, b"\n", seq=begin)
        summary = self.inspect(spaced(talk.packets, 1000), "--framing", "line", memory=56 * MIB)
        self.assertEqual(summary["frames"], 200 * len(lines) + 1)

    def test_lengths_of_4_gibibytes_in_every_framing(self):
        heads = (b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x7f\xff\xff\xff",
                 b"\x00\x00\x00\x01" * 2, b"\xff" * 9 + b"\x01", b"\x17\x03\x03\xff\xff")
        for framing in FRAMINGS:
            for head in heads:
                with self.subTest(framing=framing, head=head):
                    packets = sent(head * 2 + bytes(50_000) + head * 1000)
                    self.inspect(spaced(packets), "--framing", framing)

    def test_json_headers_that_are_deep_or_long(self):
        for name, header in (
                ("deep lists", b"[" * MANY),
                ("deep objects", b'{"a":' * (MANY // 5)),
                ("a deep value", b'{"total_size": 1, "x": ' + b"[" * MANY + b"]" * MANY + b"}"),
                ("a long text", b'{"total_size": 1, "x": "' + b"y" * MANY + b'"}'),
                ("many keys", b'{' + b'"x": 1, ' * MANY + b'"total_size": 1}'),
                ("a number without end", b'{"total_size": ' + b"9" * MANY + b"}"),
                ("no text", b'{"total_size": 1, "\xff\x1b[31m": "\xed\xa0\x80"}')):
            with self.subTest(name):
                frame = struct.pack("<i", len(header)) + header + b"!"
                packets = sent(frame * max(1, 2 * MIB // len(frame) // 20))
                self.inspect(spaced(packets), "--framing", "json-header")


if __name__ == "__main__":
    inspecting.run_tests()
