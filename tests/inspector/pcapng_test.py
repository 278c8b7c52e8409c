# SPDX-License-Identifier: Apache-2.0
"""pcapng files with several interfaces: as Wireshark's tools write them, filtered, piped, and kept."""

import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile
import unittest

import captures
import inspecting
import tshark
from captures import PcapNg, Talk, ethernet, pcap, spaced

US = captures.START_S * 10**6
FIELDS = ("frame.number", "frame.time_epoch", "frame.len", "frame.cap_len", "frame.encap_type")
FIRST, SECOND = Talk((40000, 80)).open().close(), Talk((40001, 81)).open().close()


def several_links():
    """A connection on Ethernet, and another one as raw IP; both are there at the same time."""
    file = PcapNg().section().interface().interface(captures.RAW, resolution=9)
    for number, (one, other) in enumerate(zip(FIRST.packets, SECOND.packets)):
        file.packet(ethernet(one), US + number)
        file.packet(other, (US + number) * 1000 + 1, 1)
    return file


def lacks(*programs):
    """Why tools can't be compared with; None where they can."""
    missing = [name for name in programs if not shutil.which(name)]
    return tshark.lacks() or (missing and f"{missing[0]} is not installed") or None


class PcapngFiles(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.capture = self.write("several.pcapng", several_links().bytes)

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def tool(self, *command):
        subprocess.run(command, check=True, capture_output=True, timeout=60)

    def connections(self, capture, *options):
        """(client's port, its packets) of each."""
        lines = inspecting.inspect(capture, *options)
        return sorted(
            (line["client"]["port"], line["to_server"]["packets"] + line["to_client"]["packets"])
            for line in lines if line["type"] == "connection")

    def seen(self, capture):
        """What wireseam sees in a capture, by what tshark sees in that which it keeps of it."""
        kept = self.folder / "kept.pcapng"
        result = inspecting.run(capture, "--totals", "-w", kept)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return tshark.fields(kept, *FIELDS, which="frame")

    def assert_seen_as_by_tshark(self, capture):
        theirs = tshark.fields(capture, *FIELDS, which="frame")
        self.assertTrue(theirs)
        self.assertEqual(self.seen(capture), theirs)


class OurOwn(PcapngFiles):
    def test_connections_on_interfaces_of_several_kinds_are_followed(self):
        self.assertEqual(self.connections(self.capture), [(40000, 6), (40001, 6)])

    def test_a_filter_selects_on_every_kind_of_interface(self):
        self.assertEqual(self.connections(self.capture, "-f", "tcp port 80"), [(40000, 6)])
        self.assertEqual(self.connections(self.capture, "-f", "tcp port 81"), [(40001, 6)])
        self.assertEqual(
            self.connections(self.capture, "-f", "tcp"), [(40000, 6), (40001, 6)])
        self.assertEqual(
            self.connections(self.capture, "-f", "ether host 02:00:00:00:00:01"), [(40000, 6)])
        result = inspecting.run(self.capture, "-f", "tcp prot 80")
        self.assertEqual(result.returncode, 1)
        self.assertIn("bad capture filter: syntax error\n  tcp prot 80\n      ^", result.stderr)

    def test_standard_input_is_read_as_a_file_is(self):
        with self.capture.open("rb") as file:
            piped = subprocess.run(
                [inspecting.WIRESEAM, "inspect", "-", "--json"], stdin=file, check=True,
                capture_output=True, text=True, timeout=60).stdout
        self.assertEqual(piped, inspecting.run(self.capture, "--json").stdout)

    def test_a_pipe_whose_writer_dies_in_a_block_is_read_up_to_there(self):
        content = several_links().bytes[:-20]
        result = subprocess.run(
            [inspecting.WIRESEAM, "inspect", "-", "--json"], input=content, check=True,
            capture_output=True, timeout=60)
        self.assertEqual(json.loads(result.stdout.splitlines()[-1])["packets"], 11)
        self.assertIn(b"standard input ends early, after packet 11: the block at byte",
                      result.stderr)

    def test_packets_of_several_link_types_are_kept_as_pcapng_whatever_the_name_is(self):
        for name in ("kept.pcapng", "kept.pcap", "kept"):
            with self.subTest(name):
                kept = self.folder / name
                inspecting.inspect(self.capture, "-w", kept)
                self.assertTrue(kept.read_bytes().startswith(b"\n\r\r\n"))
                self.assertEqual(inspecting.run(kept, "--json").stdout,
                                 inspecting.run(self.capture, "--json").stdout)

    def test_packets_of_one_link_type_are_kept_as_pcap_unless_the_name_says_otherwise(self):
        one = self.write("one.pcap", pcap(spaced(FIRST.packets)))
        for name, magic in (("kept.pcap", b"\x4d\x3c\xb2\xa1"), ("kept.pcapng", b"\n\r\r\n")):
            with self.subTest(name):
                kept = self.folder / name
                inspecting.inspect(one, "-w", kept)
                self.assertTrue(kept.read_bytes().startswith(magic))
                self.assertEqual(self.connections(kept), [(40000, 6)])

    def test_a_link_type_that_comes_too_late_for_a_pcap_file_is_an_error(self):
        file = PcapNg().section().interface()
        for packet in FIRST.packets * 5000:  # more than is looked at beforehand
            file.packet(ethernet(packet), US)
        late = self.write("late.pcapng", file.interface(captures.RAW).packet(b"E", US, 1).bytes)
        kept = self.folder / "kept"
        result = inspecting.run(late, "--json", "-w", kept)
        self.assertEqual(result.returncode, 1)
        self.assertIn("one link type only; it has the first 30000 (for several, give it a name "
                      "that ends with .pcapng)", result.stderr)
        self.assertEqual(inspecting.inspect(kept)[-1]["packets"], 30000)

    def test_what_the_capture_lost_is_told(self):
        file = several_links()
        for interface, drops in ((0, 3), (1, 4)):
            options = file.option(5, struct.pack("<Q", drops)) + file.option(
                7, struct.pack("<Q", drops * 10)) + file.option(0, b"")
            file.block(file.STATISTICS, struct.pack("<III", interface, 0, 0) + options)
        lines = inspecting.inspect(self.write("lossy", file.bytes))
        drop, = [line for line in lines if line["type"] == "drop"]
        self.assertEqual((drop["kernel"], drop["interface"]), (70, 7))
        self.assertEqual(lines[-1]["drops"], {"kernel": 70, "interface": 7})


@unittest.skipIf(lacks("editcap", "mergecap"), lacks("editcap", "mergecap"))
class OfWiresharksTools(PcapngFiles):
    def test_files_that_were_merged_have_the_packets_that_tshark_sees(self):
        ethernet_file = self.write("ethernet.pcap", pcap(
            spaced([ethernet(packet) for packet in FIRST.packets]), captures.ETHERNET))
        cooked = self.write("cooked.pcap", pcap(
            spaced([captures.cooked_v2(packet) for packet in SECOND.packets], 700_001),
            captures.COOKED_V2, nanoseconds=True, snaplen=100))
        merged = self.folder / "merged"
        self.tool("mergecap", "-F", "pcapng", "-w", merged, ethernet_file, cooked)
        self.assertEqual(self.connections(merged), [(40000, 6), (40001, 6)])
        self.assert_seen_as_by_tshark(merged)

    def test_files_that_were_edited_have_the_packets_that_tshark_sees(self):
        edited = self.folder / "edited"
        for options in ((), ("-s", "60"), ("-a", "3:a comment"), ("-t", "-1000.000001")):
            with self.subTest(options):
                self.tool("editcap", *options, self.capture, edited)
                self.assert_seen_as_by_tshark(edited)

    def test_what_is_kept_has_the_packets_of_the_capture(self):
        self.assert_seen_as_by_tshark(self.capture)


@unittest.skipIf(lacks("dumpcap"), lacks("dumpcap"))
@unittest.skipIf(os.geteuid() != 0, "capturing on interfaces needs root")
class OfDumpcap(PcapngFiles):
    def test_a_capture_of_lo_and_any_has_the_packets_that_tshark_sees(self):
        capture = self.folder / "live.pcapng"
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.dump(capture, server)
        self.assert_seen_as_by_tshark(capture)
        links = {row[-1] for row in tshark.fields(capture, *FIELDS, which="frame")}
        self.assertEqual(len(links), 2)

    def dump(self, capture, server):
        """Captures connections to a server until there are enough."""
        port = server.getsockname()[1]
        dumpcap = subprocess.Popen(
            ["dumpcap", "-q", "-f", f"tcp port {port}", "-i", "lo", "-i", "any", "-c", "3000",
             "-a", "duration:60", "-w", capture], stderr=subprocess.DEVNULL)
        self.addCleanup(dumpcap.kill)
        while dumpcap.poll() is None:
            with socket.create_connection(("127.0.0.1", port)) as client:
                accepted, _ = server.accept()
                client.sendall(b"hello")
            with accepted:
                self.assertEqual(accepted.recv(100, socket.MSG_WAITALL), b"hello")
        self.assertEqual(dumpcap.returncode, 0)


if __name__ == "__main__":
    inspecting.run_tests()
