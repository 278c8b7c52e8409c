# SPDX-License-Identifier: Apache-2.0
"""Programs in two network namespaces write frames in random pieces and read them in others, under
wireseam record; at an MTU of 1500, so that a segment has 1448 bytes at most. What inspect tells of
each frame, send and receive must be what the programs know, and what it tells of segments what their
sequence numbers say.

    WIRESEAM_NETWORK_SEEDS=3,4 record_test.py      tries other seeds"""

import os
import pathlib
import sys
import tempfile
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "inspector"))

import inspecting  # noqa: E402
import namespaces  # noqa: E402
import recorded  # noqa: E402
import wire  # noqa: E402
from recorded import Kind  # noqa: E402

SEEDS = tuple(map(int, os.environ.get("WIRESEAM_NETWORK_SEEDS", "1").split(",")))
LOSS = (0.02, 0, 0)
LARGEST_SEGMENT = 1448
SENDER = {"to-server": "client", "to-client": "server"}
RECEIVER = {"to-server": "server", "to-client": "client"}

KINDS = (
    Kind("IPv4"),
    Kind("IPv6", ip_version=6),
    Kind("IPv4 with loss", shares=LOSS),
    Kind("IPv6 with loss", ip_version=6, shares=LOSS),
    Kind("the client alone", recorded=("client",)),
    Kind("the server alone", recorded=("server",)),
    Kind("the client alone, with loss", shares=LOSS, recorded=("client",)),
    Kind("the server alone, with loss", shares=LOSS, recorded=("server",)),
)


def overlap(one, other):
    return one["begin"] < other["end"] and other["begin"] < one["end"]


def beside(frame, lane):
    """What of [name, range] in a lane has bytes of the frame."""
    return [entry for entry in lane if overlap(entry[1], frame)]


def within(frame, lane):
    """The same, as far as it lies in the frame."""
    return [(name, {"begin": max(frame["begin"], extent["begin"]),
                    "end": min(frame["end"], extent["end"])})
            for name, extent in beside(frame, lane)]


def is_whole(frame, extent):
    return frame["begin"] <= extent["begin"] and extent["end"] <= frame["end"]


def cuts(frame, segments, receives):
    """The words of docs/lanes.md."""
    carriers, takers = beside(frame, segments), beside(frame, receives)
    words = {
        "split": len(carriers) > 1,
        "coalesced": not all(is_whole(frame, extent) for _, extent in carriers),
        "partial": len(takers) > 1,
        "merged": not all(is_whole(frame, extent) for _, extent in takers),
    }
    return [word for word, applies in words.items() if applies]


class Told:
    """What inspect tells of one direction."""

    def __init__(self, lines, direction):
        self.lines = [line for line in lines if line.get("direction") == direction]

    def of(self, kind):
        return [line for line in self.lines if line["type"] == kind]


def told_calls(lines):
    return [(line["call"], line["range"]) for line in lines]


@unittest.skipIf(namespaces.lacks(), namespaces.lacks())
class RecordTest(unittest.TestCase):
    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.recordings = []
        for seed in SEEDS:
            for number, kind in enumerate(KINDS):
                place = pathlib.Path(folder.name) / f"{seed}-{number}"
                place.mkdir()
                recording = recorded.record(place / "recording", kind, seed)
                lines = recording.lines("-w", place / "all.pcap")
                cls.recordings.append((recording, seed, lines, wire.Wire(place / "all.pcap")))

    def for_each_direction(self, check):
        """check(kind, what is told, what is known, name of the direction, segments), in a subtest
        each."""
        for recording, seed, lines, packets in self.recordings:
            for name, known in recording.known.items():
                with self.subTest(kind=recording.kind.name, seed=seed, direction=name):
                    check(recording.kind, Told(lines, name), known, name, packets.segments(name))

    @staticmethod
    def recorded_lanes(kind, known, name):
        """The calls of a side that was not recorded are not told."""
        return (known.sends if SENDER[name] in kind.recorded else [],
                known.receives if RECEIVER[name] in kind.recorded else [])

    def check_wire(self, _, __, known, ___, segments):
        self.assertEqual(segments[-1][1]["end"], known.size)
        self.assertLessEqual(max(extent["end"] - extent["begin"] for _, extent in segments),
                             LARGEST_SEGMENT)

    def test_the_packets_bring_every_byte_and_none_has_more_than_fits(self):
        self.for_each_direction(self.check_wire)

    def check_frames(self, kind, told, known, name, segments):
        sends, receives = self.recorded_lanes(kind, known, name)
        expected = [(number, frame, beside(frame, sends), within(frame, segments),
                     beside(frame, receives), cuts(frame, segments, receives))
                    for number, frame in enumerate(known.frames, 1)]
        found = [(line["number"], line["range"], told_calls(line["sends"]),
                  [(part["packet"], {"begin": part["begin"], "end": part["end"]})
                   for part in line["parts"]],
                  told_calls(line["receives"]), line["cuts"]) for line in told.of("frame")]
        self.assertEqual(found, expected)

    def test_a_frame_has_the_sends_segments_and_receives_that_moved_its_bytes(self):
        self.for_each_direction(self.check_frames)

    def check_calls(self, told, lane, known, segments):
        expected = [(name, extent, beside(extent, segments),
                     [number for number, frame in enumerate(known.frames, 1)
                      if overlap(frame, extent)]) for name, extent in lane]
        found = [(line["call"], line["range"],
                  [(segment["packet"], segment["range"]) for segment in line["segments"]],
                  line["frames"]) for line in told]
        self.assertEqual(found, expected)

    def check_sends(self, kind, told, known, name, segments):
        self.check_calls(told.of("send"), self.recorded_lanes(kind, known, name)[0], known,
                         segments)

    def test_a_send_tells_the_segments_that_brought_its_bytes_and_their_frames(self):
        self.for_each_direction(self.check_sends)

    def check_receives(self, kind, told, known, name, segments):
        self.check_calls(told.of("receive"), self.recorded_lanes(kind, known, name)[1], known,
                         segments)

    def test_a_receive_tells_the_segments_that_brought_its_bytes_and_their_frames(self):
        self.for_each_direction(self.check_receives)

    def test_the_conversation_adds_up_the_bytes_of_each_lane(self):
        for recording, seed, lines, _ in self.recordings:
            with self.subTest(kind=recording.kind.name, seed=seed):
                self.check_conversation(recording, lines)

    def check_conversation(self, recording, lines):
        (connection,) = [line for line in lines if line["type"] == "connection"]
        (talk,) = [line for line in lines if line["type"] == "conversation"]
        for name, known in recording.known.items():
            in_packets = connection[name.replace("-", "_")]
            self.assertEqual((in_packets["stream_bytes"], in_packets["missing_bytes"]),
                             (known.size, 0))
            for side, moved in ((SENDER[name], "sent"), (RECEIVER[name], "received")):
                calls = talk[f"{side}_calls"]
                self.assertEqual(calls["traced"], side in recording.kind.recorded)
                if calls["traced"]:
                    self.assertEqual((calls[moved], calls["aligned"]), (known.size, True))

    def test_what_both_ends_captured_is_no_duplicate(self):
        for recording, seed, lines, _ in self.recordings:
            with self.subTest(kind=recording.kind.name, seed=seed):
                self.assertNotIn("network-duplicate", {line.get("cause") for line in lines})


if __name__ == "__main__":
    inspecting.run_tests()
