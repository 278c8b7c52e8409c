# SPDX-License-Identifier: Apache-2.0
"""What a capture has counts, and what it lacks is said to be unknown."""

import pathlib
import signal
import subprocess
import tempfile
import time
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

    def test_names_of_fast_open_are_those_of_tshark(self):
        cookie, ports = b"\x22\x0a12345678\1\1", (40000, 80)
        packets = []
        for number, (acked, options, payload) in enumerate(
                [(0, cookie, b"hello"), (5, cookie, b"hello"), (2, b"", b"hello"),
                 (0, cookie, b""), (0, b"\x22\x02\1\1", b"")]):
            ports = (40000 + number, 80)
            packets += [
                ipv4(tcp(1000, 0, SYN, payload, ports=ports, options=options)),
                ipv4(tcp(5000, 1001 + acked, SYN | ACK, b"x" * acked, ports=ports[::-1]),
                     captures.SERVER, captures.CLIENT),
                ipv4(tcp(1001 + acked, 5001 + acked, ACK, payload[acked:], ports=ports))]
        self.write(pcap(spaced(packets)))
        names = {name for line in inspecting.inspect(self.capture)
                 if line["type"] == "note" for name in line["wireshark"]}
        self.assertLessEqual({"tcp.analysis.tfo_syn", "tcp.analysis.tfo_ack",
                              "tcp.analysis.tfo_ignored"}, names)
        self.same_names_as_tshark()

    def test_two_vlans_with_the_same_addresses_are_two_connections(self):
        packets = [captures.ethernet(packet, tags=(captures.VLAN_TYPE,))
                   for packet in captures.conversation()]
        other = [packet[:14] + b"\0\x07" + packet[16:] for packet in packets]
        both = [packet for pair in zip(packets, other) for packet in pair]
        self.write(pcap(spaced(both), captures.ETHERNET))
        connections = self.connections()
        self.assertEqual([line["to_server"]["vlans"] for line in connections], [[100], [7]])
        self.assertEqual({line["state"] for line in connections}, {"closed"})
        self.assertIn("(VLAN 7)", self.text())

    def test_a_filter_that_selects_nothing_is_told(self):
        self.write(pcap(spaced(captures.conversation())))
        result = inspecting.run(self.capture, "--text", "-f", "udp")
        self.assertEqual(result.returncode, 0)
        self.assertIn("the filter matched none of 8 packets", result.stderr)

    def test_a_second_interface_is_an_error_of_usage(self):
        result = inspecting.run("-i", "lo", "-i", "any")
        self.assertEqual(result.returncode, 2)
        self.assertIn("there is one -i", result.stderr)

    def test_an_interrupt_that_was_ignored_when_it_began_ends_a_capture(self):
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            process = subprocess.Popen(
                [inspecting.WIRESEAM, "inspect", "-", "--text", "--segments"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=False)
        finally:
            signal.signal(signal.SIGINT, before)
        with process:
            process.stdin.write(pcap(spaced(captures.conversation(), start_ns=time.time_ns())))
            process.stdin.flush()
            process.stdout.readline()  # it is reading, so its handlers are there
            process.send_signal(signal.SIGINT)
            self.assertIn(b"1 TCP connection", process.communicate(timeout=60)[0])


if __name__ == "__main__":
    inspecting.run_tests()
