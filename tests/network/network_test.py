# SPDX-License-Identifier: Apache-2.0
"""Programs in two network namespaces talk through a forwarder that loses, duplicates, delays and
reorders, and through plain veths. wireseam captures at both ends, and must find every frame, call
what happened by its name, and agree with tshark."""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "inspector"))

import inspecting  # noqa: E402
import namespaces  # noqa: E402
import talk  # noqa: E402
import truth  # noqa: E402
import tshark  # noqa: E402

TIME_LIMIT_S = 90
LEAST_RIGHT = 0.98
PORT = 7000  # in a namespace of its own
SIDES = ("client", "server")
PYTHON = (sys.executable, "-B")
# What the forwarder does: shares lost, duplicated, held back.
LOSS = (0.02, 0, 0)
REORDER = (0, 0, 0.03)
EVERYTHING = (0.015, 0.01, 0.02)
# WIRESEAM_NETWORK_SEEDS=3,4,5 tries others.
SEEDS = tuple(map(int, os.environ.get("WIRESEAM_NETWORK_SEEDS", "1").split(",")))


def expect_line(program, stream, text):
    line = stream.readline()
    if text not in line:
        raise AssertionError(f"{program.args} said {line!r}, not {text!r}")


def expect_success(program, time_limit_s=TIME_LIMIT_S):
    if program.wait(time_limit_s) != 0:
        raise AssertionError(f"{program.args} ended with {program.returncode}")


class Network(contextlib.ExitStack):
    """Two namespaces, "client" and "server", each with an interface of that name."""

    def __init__(self, folder):
        super().__init__()
        self.folder = folder
        self.ends = {side: self.namespace() for side in SIDES}

    def namespace(self):
        space = namespaces.Namespace()
        self.callback(space.close)
        return space

    def give_addresses(self):
        for number, side in enumerate(SIDES, 1):
            self.ends[side].run("ip", "address", "add", f"10.99.0.{number}/24", "dev", side)

    def join(self):
        namespaces.link(self.ends["client"], "client", self.ends["server"], "server")
        self.give_addresses()

    def join_by_forwarder(self, seed, shares):
        """The forwarder's log is in the folder when it has ended."""
        middle = self.namespace()
        for side in SIDES:
            namespaces.link(self.ends[side], side, middle, f"to_{side}")
            self.ends[side].run(*PYTHON, HERE / "namespaces.py", side)
        self.give_addresses()
        forwarder = middle.start(
            *PYTHON, HERE / "forwarder.py", "to_client", "to_server", self.folder / "log", seed,
            *shares, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.callback(self.end, forwarder)
        expect_line(forwarder, forwarder.stdout, b"ready")
        return forwarder

    @staticmethod
    def end(program):
        program.kill()
        program.communicate()

    def capture(self, side):
        program = self.ends[side].start(
            inspecting.WIRESEAM, "inspect", "-i", side, "--totals", "-f", "tcp",
            "-w", self.folder / f"{side}.pcap", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.callback(self.end, program)
        expect_line(program, program.stderr, b"capturing")
        return program

    def talk(self, seed):
        server, client = (
            [*PYTHON, HERE / "talk.py", role, "10.99.0.2", PORT, seed]
            for role in ("serve", "connect"))
        server = self.ends["server"].start(*server, stdout=subprocess.PIPE)
        self.callback(self.end, server)
        expect_line(server, server.stdout, b"ready")
        client = self.ends["client"].start(*client)
        self.callback(self.end, client)
        expect_success(client)
        expect_success(server)

    def record(self, seed, forwarder=None):
        """The captures of both ends."""
        captures = [self.capture(side) for side in SIDES]
        self.talk(seed)
        if forwarder:
            forwarder.communicate(timeout=TIME_LIMIT_S)
            expect_success(forwarder)
        for program in captures:
            program.send_signal(signal.SIGINT)
            expect_success(program)
        return [self.folder / f"{side}.pcap" for side in SIDES]


def pin_to_one_processor(test):
    """Two would hand packets over in another order than they were sent, now and then."""
    all_of_them = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(all_of_them)})
    test.addCleanup(os.sched_setaffinity, 0, all_of_them)


def frame_ranges(seed, side):
    at = 0
    for frame in talk.frames(str(seed), side):
        yield {"begin": at, "end": at + len(frame)}
        at += len(frame)


@unittest.skipIf(namespaces.lacks(), namespaces.lacks())
class NetworkTest(unittest.TestCase):
    maxDiff = 2000

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def record(self, seed, shares=None):
        with Network(self.folder) as network:
            forwarder = network.join_by_forwarder(seed, shares) if shares else network.join()
            return network.record(seed, forwarder)

    def check_frames(self, capture, seed):
        lines = inspecting.inspect(capture, "--framing", "len32le")
        for side, direction in enumerate(("to-server", "to-client")):
            found = [line["range"] for line in lines
                     if line["type"] == "frame" and line["direction"] == direction]
            self.assertEqual(found, list(frame_ranges(seed, side)))
            stream = subprocess.run(
                [inspecting.WIRESEAM, "inspect", capture, "--stream", f"1:{SIDES[side]}"],
                check=True, capture_output=True, timeout=TIME_LIMIT_S).stdout
            self.assertTrue(stream == talk.stream(str(seed), side), "other bytes than were sent")

    def check_names(self, capture):
        if tshark.lacks():
            return
        found = tshark.differences(capture)
        self.assertFalse(found[:1], tshark.summary(found))

    def check_all(self, shares):
        pin_to_one_processor(self)
        for seed in SEEDS:
            captures = self.record(seed, shares)
            log = truth.Log(self.folder / "log")
            for capture in captures:
                with self.subTest(seed=seed, end=capture.stem):
                    self.check_frames(capture, seed)
                    self.check_names(capture)
                    self.check_causes(capture, log)

    def check_causes(self, capture, log):
        said = {line["packet"]: line["cause"] for line in inspecting.inspect(capture, "--segments")
                if line["type"] == "segment"}
        confusion = truth.Confusion()
        for number, was in truth.truths(capture, log):
            confusion.add(was, said[number], number)
        if "WIRESEAM_SHOW" in os.environ:
            print(f"{capture.stem}:\n{confusion}")
        for was in (*truth.RIGHT, "forward"):
            self.assertGreaterEqual(confusion.share_right(was), LEAST_RIGHT, f"\n{confusion}")

    def test_all_is_found_where_packets_are_lost(self):
        self.check_all(LOSS)

    def test_all_is_found_where_packets_are_reordered(self):
        self.check_all(REORDER)

    def test_all_is_found_where_packets_are_lost_duplicated_and_reordered(self):
        self.check_all(EVERYTHING)

    def test_all_is_found_on_plain_veths(self):
        for seed in SEEDS:
            for capture in self.record(seed):
                with self.subTest(seed=seed, end=capture.stem):
                    self.check_frames(capture, seed)
                    self.check_names(capture)


if __name__ == "__main__":
    inspecting.run_tests()
