# SPDX-License-Identifier: Apache-2.0
"""The same connection is told in the same way wherever its sequence numbers lie; the number 0 is one
like all others, although Wireshark takes it for one that it does not know."""

import pathlib
import tempfile
import unittest

import inspecting
from captures import ACK, FIN, PSH, RST, SYN, Talk, pcap, spaced

SPACE = 2**32
# What is a number as it was sent, or by Wireshark's definition.
OF_THE_PLACE = {"seq", "initial_seq", "wireshark", "acks_packet", "ack_rtt_ns", "bytes_in_flight",
                "duplicate_acks"}


def closed(talk):
    talk.open().say(0, b"question").segment(1, ACK).say(1, b"answer").segment(0, ACK).close()


def reset(talk):
    talk.open().say(0, b"question").segment(1, RST | ACK)


def challenged(talk):
    talk.open().say(0, b"question").segment(0, SYN, seq=talk.next[0] + 10**8).segment(1, ACK)


def sent_again(talk):
    talk.open().say(0, b"question").segment(1, ACK)
    talk.segment(0, ACK | PSH, b"question", seq=talk.next[0] - 8).segment(1, ACK)
    talk.segment(0, ACK | FIN).segment(1, ACK)


def kept_alive(talk):
    talk.open().say(0, b"question").segment(1, ACK)
    talk.segment(0, ACK, b"n", seq=talk.next[0] - 1).segment(1, ACK)


def begun_before(talk):
    talk.say(0, b"question").segment(1, ACK).say(1, b"answer")


def same_everywhere(value):
    """A line without what depends on the place."""
    if isinstance(value, list):
        return [same_everywhere(each) for each in value]
    if not isinstance(value, dict):
        return value
    dropped = OF_THE_PLACE | ({"ack"} if "seq" in value else set())
    return {key: same_everywhere(each) for key, each in value.items() if key not in dropped}


class Positions(unittest.TestCase):
    def told(self, converse, isn):
        talk = Talk(isn=isn)
        converse(talk)
        with tempfile.TemporaryDirectory() as folder:
            capture = pathlib.Path(folder) / "x.pcap"
            capture.write_bytes(pcap(spaced(talk.packets)))
            lines = [same_everywhere(line) for line in inspecting.inspect(capture, "--segments")]
        # A note that has only Wireshark's word goes with it; the summary counts notes.
        return [line for line in lines
                if line["type"] != "summary" and (line["type"], line.get("cause")) != ("note", "none")]

    def test_what_is_told_does_not_depend_on_the_initial_numbers(self):
        for converse in (closed, reset, challenged, sent_again, kept_alive, begun_before):
            expected = self.told(converse, 1000)
            self.assertGreater(len(expected), 3)
            for before_wrap in (1, 2, 4, 9):
                for server in (0, 5000):
                    with self.subTest(converse.__name__, before_wrap=before_wrap, server=server):
                        isn = SPACE - before_wrap - server
                        self.assertEqual(self.told(converse, isn), expected)


if __name__ == "__main__":
    unittest.main()
