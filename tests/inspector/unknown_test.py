# SPDX-License-Identifier: Apache-2.0
"""What a capture has counts, and what it lacks is said to be unknown."""

import pathlib
import tempfile
import unittest

import captures
import inspecting
import tshark
from captures import ACK, RST, SYN, Captured, Talk, ipv4, pcap, spaced, tcp

MSS = b"\x02\x04\x05\xb4"


class Unknown(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.capture = pathlib.Path(folder.name) / "capture.pcap"

    def write(self, content):
        self.capture.write_bytes(content)

    def text(self, *options):
        return inspecting.run(self.capture, "--text", *options).stdout

    def stream(self, choice):
        return inspecting.run(self.capture, "--stream", choice)

    def connections(self):
        return [line for line in inspecting.inspect(self.capture) if line["type"] == "connection"]

    def same_names_as_tshark(self):
        if tshark.lacks():
            self.skipTest(tshark.lacks())
        found = tshark.differences(self.capture)
        self.assertFalse(found[:1], tshark.summary(found))

    def test_options_that_the_snapshot_length_cut_off_are_unknown(self):
        talk = Talk().open().say(0, b"hello").close()
        talk.packets[0] = ipv4(tcp(1000, 0, SYN, options=MSS), ident=1)
        self.write(pcap([Captured(packet.bytes[:40], packet.time_ns, len(packet.bytes))
                         for packet in spaced(talk.packets)]))
        self.assertIn("client: MSS unknown (cut off)", self.text())
        self.assertIn("server: no MSS", self.text())
        self.assertIn("to server: 5 bytes not captured: packets were cut off", self.text())
        self.same_names_as_tshark()

    def test_bytes_before_the_end_of_a_cut_packet_are_in_the_stream(self):
        talk = Talk().open().say(0, b"0123456789").say(0, b"abc")
        talk.packets[3] = talk.packets[3][:-4]
        self.write(pcap(spaced(talk.packets)))
        result = self.stream("1:client")
        self.assertEqual(result.stdout, "012345abc")
        self.assertIn("4 bytes were not captured", result.stderr)

    def test_a_time_that_goes_back_is_below_zero(self):
        packets = spaced(Talk().open().say(0, b"hello").segment(1, ACK).packets)
        packets[-1].time_ns = packets[-2].time_ns - 25_000
        self.write(pcap(packets))
        lines = inspecting.inspect(self.capture, "--segments")
        self.assertEqual(
            [line.get("ack_rtt_ns") for line in lines if line["type"] == "segment"][-1], -25_000)
        self.same_names_as_tshark()

    def test_times_before_the_first_packets_are_below_zero_in_the_text(self):
        self.write(pcap(spaced(Talk().open().packets, step_ns=-1_000_000)))
        text = self.text("--segments")
        self.assertIn("  -0.001000 #1 < packet 2", text)
        self.assertIn("   2    -1.000 ms    |<-- SYN, ACK", text)
        self.assertIn("for 2.000 ms", text)

    def test_text_in_an_rst_is_in_no_stream(self):
        talk = Talk().open().say(0, b"abc").segment(1, RST | ACK, b"server is too busy")
        self.write(pcap(spaced(talk.packets)))
        self.assertEqual(self.stream("1:server").stdout, "")
        self.assertIn("(18 bytes of text in the RST)", self.text("--segments"))

    def test_bytes_of_keep_alives_were_not_sent_again(self):
        talk = Talk().open().say(0, b"abc").segment(1, ACK)
        packets = spaced(talk.packets)
        talk.segment(0, ACK, b"\0", seq=talk.next[0] - 1).segment(1, ACK)
        packets += spaced(talk.packets[-2:], start_ns=packets[-1].time_ns + 5 * 10**9)
        self.write(pcap(packets))
        self.assertEqual(self.connections()[0]["to_server"]["resent_bytes"], 0)
        self.same_names_as_tshark()


if __name__ == "__main__":
    inspecting.run_tests()
