# SPDX-License-Identifier: Apache-2.0
"""Captures that are cut or damaged: what can be read of them is, and the rest is said."""

import json
import pathlib
import struct
import tempfile
import unittest

import captures
import inspecting
from captures import PcapNg, conversation, ethernet, pcap, spaced

US = captures.START_S * 10**6
PACKETS = [ethernet(packet) for packet in conversation()[:3]]


def pcapng():
    file = PcapNg().section().interface()
    for number, packet in enumerate(PACKETS):
        file.packet(packet, US + number)
    return file


def ends_of_blocks(file):
    """At which lengths of a pcapng file so many blocks are whole."""
    ends = [0]
    while ends[-1] < len(file):
        ends.append(ends[-1] + struct.unpack_from("<I", file, ends[-1] + 4)[0])
    return ends[1:]


class BrokenCaptures(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.capture = pathlib.Path(folder.name) / "broken"

    def inspect(self, content):
        """(exit status, packets, standard error)"""
        self.capture.write_bytes(content)
        result = inspecting.run(self.capture, "--json")
        lines = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertIn(result.returncode, (0, 1), result.stderr)
        return result.returncode, lines[-1]["packets"] if lines else 0, result.stderr

    def assert_cut_everywhere(self, content, ends, heads):
        """`ends`: where the heads and then the packets are whole. The first head is what it takes
        to be a capture."""
        for size in range(len(content) + 1):
            whole = sum(end <= size for end in ends)
            with self.subTest(size=size):
                status, packets, message = self.inspect(content[:size])
                self.assertEqual((status, packets), (0 if whole else 1, max(whole - heads, 0)))
                said = "ends early" if whole else "is no capture file"
                self.assertEqual(said in message, size not in ends, message)

    def test_a_pcap_file_may_be_cut_anywhere(self):
        content = pcap(spaced(PACKETS), captures.ETHERNET)
        sizes = [16 + len(packet) for packet in PACKETS]
        self.assert_cut_everywhere(
            content, [24 + sum(sizes[:number]) for number in range(len(sizes) + 1)], heads=1)

    def test_a_pcapng_file_may_be_cut_anywhere(self):
        content = pcapng().bytes
        self.assert_cut_everywhere(content, ends_of_blocks(content), heads=2)

    def test_nonsense_is_said_and_what_stands_before_it_is_read(self):
        for name, content, message in (
                ("a record of 4 GiB",
                 pcap(spaced(PACKETS)) + struct.pack("<IIII", 1, 1, 2**32 - 1, 1),
                 "invalid packet capture length"),
                ("a block of 4 GiB", pcapng().bytes + struct.pack("<III", 6, 2**32 - 16, 0),
                 f"the block at byte {len(pcapng().bytes)} has an impossible length of 4294967280"),
                ("a block of no length", pcapng().bytes + struct.pack("<III", 6, 0, 0),
                 "impossible length of 0 bytes"),
                ("an interface that nobody described", pcapng().packet(b"x", interface=7).bytes,
                 "is of interface 7, and its section has 1 (?)")):
            with self.subTest(name):
                status, packets, said = self.inspect(content)
                self.assertEqual((status, packets), (0, 3))
                self.assertIn("can be read no further than packet 3", said)
                self.assertIn(message, said)

    def test_what_is_no_capture_is_an_error(self):
        for content in (b"", b"\n", b"a text\n" * 100, bytes(100), b"\n\r\r\n" * 10,
                        PcapNg().section().bytes[:-4]):
            with self.subTest(content[:8]):
                status, _, said = self.inspect(content)
                self.assertEqual(status, 1)
                self.assertIn("is no capture file", said)


if __name__ == "__main__":
    inspecting.run_tests()
