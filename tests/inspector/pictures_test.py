# SPDX-License-Identifier: Apache-2.0
"""How a connection opened and closed, as the picture that --text draws of it, and as the number
that Wireshark has for it; and that the text fits a terminal."""

import pathlib
import re
import subprocess
import tempfile
import unittest

import inspecting
import tshark
from captures import ACK, FIN, PSH, RST, SYN, Talk, conversation, ipv6, pcap, spaced


def crossed():
    """SYNs that met on their way."""
    talk = Talk().segment(0, SYN).segment(1, SYN)
    return talk.segment(0, SYN | ACK, seq=1000).segment(1, SYN | ACK, seq=6000)


def sent_again():
    talk = Talk().segment(0, SYN).segment(0, SYN, seq=1000)
    return talk.segment(1, SYN | ACK).segment(0, ACK)


def reset_amid(sent):
    """The server has acknowledged nothing of what it is sent when it resets."""
    talk = Talk().open().say(0, sent)
    talk.next[0] -= len(sent)
    return talk.segment(1, RST | ACK)


def half_closed():
    talk = Talk().open().say(0, b"q").segment(1, ACK).segment(0, ACK | FIN).segment(1, ACK)
    return talk.say(1, b"late answer").segment(0, ACK).segment(1, ACK | FIN).segment(0, ACK)


OPENED = ["> SYN seq 0 (1000)", "< SYN, ACK seq 0 (6000) ack 1", "> ACK seq 1 ack 1"]

PICTURES = {
    "a close in four steps": (
        Talk().open().segment(0, ACK | FIN).segment(1, ACK).segment(1, ACK | FIN).segment(0, ACK),
        "closed",
        [*OPENED, "> FIN after 0 bytes", "< ACK of the FIN", "< FIN after 0 bytes",
         "> ACK of the FIN"]),
    "a half-close": (
        half_closed(), "closed",
        [*OPENED, "> FIN after 1 byte", "< ACK of the FIN", "< FIN after 11 bytes",
         "> ACK of the FIN"]),
    "a half-close that goes on": (
        Talk().open().segment(0, ACK | FIN).say(1, b"x"), "half-closed",
        [*OPENED, "> FIN after 0 bytes", "< ACK of the FIN"]),
    "a reset that throws bytes away": (
        reset_amid(b"x" * 3000), "reset", [*OPENED, "< RST, 3000 bytes thrown away"]),
    "a refusal": (
        Talk().segment(0, SYN).segment(1, RST | ACK), "refused",
        ["> SYN seq 0 (1000)", "< RST seq 6000 ack 1"]),
    "a SYN that is sent again": (sent_again(), "open", OPENED),
    "SYNs that cross": (
        crossed(), "open",
        ["> SYN seq 0 (1000)", "< SYN seq 0 (6000)", "> SYN, ACK seq 0 (1000) ack 1"]),
    "no answer": (Talk().segment(0, SYN), "no-answer", ["> SYN seq 0 (1000)"]),
    "no last step": (Talk().segment(0, SYN).segment(1, SYN | ACK), "half-open", OPENED[:2]),
}

COMPLETENESS = [talk for talk, _, _ in PICTURES.values()] + [
    crossed().say(0, b"x"), crossed().segment(0, ACK),
    Talk().segment(0, SYN).segment(1, SYN | ACK).say(0, b"x"),
    Talk().segment(0, SYN).segment(1, SYN | ACK).segment(0, FIN | ACK, b"x"),
    Talk().segment(0, SYN).segment(0, ACK), Talk().segment(0, ACK).segment(1, ACK),
    Talk().say(0, b"x").say(1, b"x"), Talk().segment(0, RST).segment(1, ACK),
    Talk().segment(0, SYN).segment(1, SYN | ACK, b"x").segment(0, ACK),
    Talk().segment(0, SYN, b"x").segment(1, SYN | ACK), Talk().segment(0, SYN).segment(0, PSH, b"x"),
    Talk().segment(0, FIN, b"x").segment(0, SYN).segment(1, ACK),
    Talk().segment(1, SYN | ACK).segment(0, RST), Talk().segment(0, ACK).segment(1, RST | ACK, b"x")]


class Pictures(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.capture = pathlib.Path(folder.name) / "x.pcap"

    def write(self, talk):
        self.capture.write_bytes(pcap(spaced(talk.packets)))

    def picture(self):
        """Each step of the block's picture: its direction and its label."""
        text = inspecting.run(self.capture, "--text").stdout
        block = text[text.rindex("\n#1 "):]
        steps = re.findall(r"\|(?:--- (.*?) -*>|<-- (.*?) -*)\|", block)
        return [f"> {right}" if right else f"< {left}" for right, left in steps]

    def test_each_opening_and_closing_is_drawn_step_by_step(self):
        for name, (talk, state, steps) in PICTURES.items():
            with self.subTest(name):
                self.write(talk)
                self.assertEqual(self.picture(), steps)
                connection = [line for line in inspecting.inspect(self.capture)
                              if line["type"] == "connection"]
                self.assertEqual([line["state"] for line in connection], [state])

    @unittest.skipIf(tshark.lacks(), tshark.lacks())
    def test_completeness_is_what_tshark_says(self):
        for talk in COMPLETENESS:
            if len(talk.packets) < 2:  # tshark has no completeness for it
                continue
            self.write(talk)
            with self.subTest(self.picture()):
                theirs = tshark.conversations(self.capture)[0][0]
                self.assertEqual(tshark.our_conversations(self.capture)[0][0], theirs)

    def test_lines_fit_a_terminal_of_80_columns(self):
        self.write_over_ipv6()
        texts = [inspecting.run(self.capture, "--text", "--segments").stdout]
        subprocess.run([inspecting.TESTS / "simulated_capture", "1", self.capture], check=True,
                       timeout=inspecting.TIME_LIMIT_S)
        texts.append(inspecting.run(self.capture, "--text", "--segments").stdout)
        for text in texts:
            self.assertIn("closed", text)
            self.assertEqual([line for line in text.splitlines() if len(line) > 80], [])

    def write_over_ipv6(self):
        ends = ["2001:db8:1111:2222:3333:4444:5555:6666", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff"]
        packets = []
        for packet in conversation():
            source, destination = ends if packet[15] == 1 else ends[::-1]
            packets.append(ipv6(packet[20:], source, destination))
        self.capture.write_bytes(pcap(spaced(packets)))


if __name__ == "__main__":
    inspecting.run_tests()
