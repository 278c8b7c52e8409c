# SPDX-License-Identifier: Apache-2.0
"""Programs in two network namespaces talk over plain veths, and through a forwarder that loses,
duplicates, delays and reorders. wireseam captures at both ends, and must find every frame, call what
happened by its name, and agree with tshark and tcpflow.

    WIRESEAM_NETWORK_SEEDS=3,4 network_test.py      tries other seeds"""

import dataclasses
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "inspector"))

import inspecting  # noqa: E402
import namespaces  # noqa: E402
import network  # noqa: E402
import talk  # noqa: E402
import tcpflow  # noqa: E402
import truth  # noqa: E402
import tshark  # noqa: E402

LEAST_RIGHT = 0.98
SEEDS = tuple(map(int, os.environ.get("WIRESEAM_NETWORK_SEEDS", "1").split(",")))


@dataclasses.dataclass(frozen=True)
class Kind:
    name: str
    shares: tuple = None  # lost, duplicated, held back; None: plain veths
    ip_version: int = 4


KINDS = (
    Kind("plain"),
    Kind("loss", (0.02, 0, 0)),
    Kind("reordering", (0, 0, 0.03)),
    Kind("everything", (0.015, 0.01, 0.02)),
    Kind("everything over IPv6", (0.015, 0.01, 0.02), 6),
)


def frame_ranges(seed, side):
    at = 0
    for frame in talk.frames(str(seed), side):
        yield {"begin": at, "end": at + len(frame)}
        at += len(frame)


def frames_in(lines, direction):
    return [line["range"] for line in lines
            if line["type"] == "frame" and line["direction"] == direction]


@unittest.skipIf(namespaces.lacks(), namespaces.lacks())
class NetworkTest(unittest.TestCase):
    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.recordings = []
        for seed in SEEDS:
            for kind in KINDS:
                recorded = pathlib.Path(folder.name) / f"{kind.name}-{seed}"
                recorded.mkdir()
                network.record(recorded, seed, kind.shares, kind.ip_version)
                cls.recordings.append((kind, seed, recorded))

    def for_each_capture(self, check):
        """check(kind, seed, capture), in a subtest each."""
        for kind, seed, folder in self.recordings:
            for side in network.SIDES:
                with self.subTest(kind=kind.name, seed=seed, end=side):
                    check(kind, seed, folder / f"{side}.pcap")

    def check_frames(self, _, seed, capture):
        lines = inspecting.inspect(capture, "--framing", "len32le")
        for side, direction in enumerate(("to-server", "to-client")):
            self.assertEqual(frames_in(lines, direction), list(frame_ranges(seed, side)))

    def test_every_frame_is_found_where_it_was_sent(self):
        self.for_each_capture(self.check_frames)

    def check_streams(self, _, seed, capture):
        for number, side in enumerate(network.SIDES):
            stream = subprocess.run(
                [inspecting.WIRESEAM, "inspect", capture, "--stream", f"1:{side}"],
                check=True, capture_output=True, timeout=inspecting.TIME_LIMIT_S).stdout
            self.assertTrue(stream == talk.stream(str(seed), number), "other bytes")

    def test_every_stream_has_the_bytes_that_were_sent(self):
        self.for_each_capture(self.check_streams)

    def check_causes(self, kind, _, capture):
        if kind.shares is None:
            return  # nobody wrote down what happened
        said = {line["packet"]: line["cause"] for line in inspecting.inspect(capture, "--segments")
                if line["type"] == "segment"}
        confusion = truth.Confusion()
        for number, was in truth.truths(capture, truth.Log(capture.parent / "log")):
            confusion.add(was, said[number], number)
        # Without an IP ID nobody can tell an ACK from another one that says the same.
        for was in truth.OF_DATA if kind.ip_version == 6 else truth.ALL:
            self.assertGreaterEqual(confusion.share_right(was), LEAST_RIGHT, f"\n{confusion}")

    def test_what_happened_to_a_segment_is_called_by_its_name(self):
        self.for_each_capture(self.check_causes)

    def check_segment_map(self, kind, _, capture):
        if kind.ip_version == 4:
            self.assertEqual(tcpflow.differences(capture), ([], []))

    @unittest.skipUnless(tcpflow.is_there(), "tcpflow is not installed")
    def test_every_segment_lies_where_tcpflow_sees_it(self):
        self.for_each_capture(self.check_segment_map)

    def check_names(self, _, __, capture):
        found = tshark.differences(capture)
        self.assertFalse(found[:1], tshark.summary(found))

    @unittest.skipIf(tshark.lacks(), tshark.lacks())
    def test_every_packet_has_the_names_and_numbers_that_tshark_gives_it(self):
        self.for_each_capture(self.check_names)


if __name__ == "__main__":
    inspecting.run_tests()
