# SPDX-License-Identifier: Apache-2.0
"""wireseam inspect -i as its user runs it, each time in a network namespace of its own."""

import ctypes
import datetime
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "inspector"))

import inspecting  # noqa: E402
import namespaces  # noqa: E402
import traffic  # noqa: E402
import tshark  # noqa: E402

TIME_LIMIT_S = 60
TRAFFIC = (sys.executable, "-B", traffic.__file__)
PR_CAPBSET_DROP, CAP_NET_RAW = 24, 13
NOBODY = 65534
BURST = 500
LONGEST_NS = 50_000_000
RATE = 150_000
RING_BYTES = 64 << 20


def nanoseconds(text):
    """Since the epoch, of "2024-05-06T07:08:09.123456789Z"."""
    seconds, fraction = text.rstrip("Z").split(".")
    return int(datetime.datetime.fromisoformat(seconds + "+00:00").timestamp()) * 10**9 + int(
        fraction)


def drop_right_to_capture():
    if ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_NET_RAW, 0, 0, 0) != 0:
        os._exit(99)


class Capture:
    """A capture that has begun."""

    def __init__(self, space, *options, interface="lo"):
        self.program = space.start(
            inspecting.WIRESEAM, "inspect", "-i", interface, "--json", *options,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.first_line = self.program.stderr.readline()

    def lines(self):
        """All that it has printed when it ends."""
        output, self.errors = self.program.communicate(timeout=TIME_LIMIT_S)
        return [json.loads(line) for line in output.splitlines()]

    def stop(self, number=signal.SIGINT):
        self.program.send_signal(number)
        return self.lines()


@unittest.skipIf(namespaces.lacks(), namespaces.lacks())
class LiveTest(unittest.TestCase):
    def setUp(self):
        self.space = namespaces.Namespace()
        self.addCleanup(self.space.close)
        self.space.run("ip", "link", "set", "lo", "up")

    def capture(self, *options, **more):
        capture = Capture(self.space, *options, **more)
        self.addCleanup(capture.program.wait)
        self.addCleanup(capture.program.kill)
        self.assertIn(b"capturing", capture.first_line)
        return capture

    def send_frames(self, count, pause_s=0):
        """Their connection stays open until the test's end."""
        sender = self.space.start(*TRAFFIC, count, pause_s, stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE)
        self.addCleanup(sender.communicate)
        return sender

    def send_datagrams(self, count, size):
        """How many it sent a second."""
        sender = self.space.start(inspecting.TESTS / "send_datagrams", count, size, RATE,
                                  stdout=subprocess.PIPE)
        return int(sender.communicate(timeout=TIME_LIMIT_S)[0])

    def test_a_burst_before_the_stop_is_whole(self):
        for _ in range(3):
            capture = self.capture("--framing", "len32le")
            sender = self.send_frames(BURST)
            self.assertEqual(sender.stdout.readline(), b"sent\n")
            lines = capture.stop()
            self.assertEqual(sum(line["type"] == "frame" for line in lines), BURST)

    def test_a_frame_is_printed_soon_after_it_has_passed(self):
        capture = self.capture("--framing", "len32le")
        self.send_frames(BURST, pause_s=0.002)
        delays = []
        while len(delays) < BURST:
            line = json.loads(capture.program.stdout.readline())
            if line["type"] == "frame":
                delays.append(time.time_ns() - nanoseconds(line["last_time"]))
        capture.stop()
        self.assertLessEqual(sorted(delays)[BURST * 99 // 100], LONGEST_NS)

    def test_what_the_kernel_dropped_is_said(self):
        capture = self.capture()
        capture.program.send_signal(signal.SIGSTOP)
        size = 60_000
        self.send_datagrams(2 * RING_BYTES // size, size)
        capture.program.send_signal(signal.SIGCONT)
        lines = capture.stop()
        drops = [line for line in lines if line["type"] == "drop"]
        self.assertGreater(lines[-1]["drops"]["kernel"], 0)
        self.assertEqual(drops[-1]["kernel"], lines[-1]["drops"]["kernel"])

    def test_nothing_is_dropped_of_many_small_packets(self):
        capture = self.capture("--totals")
        count = 3 * RATE
        rate = self.send_datagrams(count, 64)
        summary = capture.stop()[-1]
        self.assertEqual(summary["drops"]["kernel"], 0, f"at {rate} packets a second")
        self.assertEqual(summary["datagrams"], count)
        self.assertEqual(summary["connections"]["udp"], 1)

    def test_each_packet_on_loopback_comes_once(self):
        for interface in ("lo", "any"):
            with self.subTest(interface=interface):
                capture = self.capture("--totals", interface=interface)
                self.send_frames(BURST).stdout.readline()
                connection = capture.stop()[0]["to_server"]
                self.assertEqual(connection["duplicated"], 0)
                self.assertEqual(connection["bytes"], connection["stream_bytes"])
                self.assertEqual(connection["bytes"], BURST * len(traffic.FRAME))

    def test_the_packets_that_are_kept_are_those_that_were_seen(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        kept = f"{folder.name}/kept.pcap"
        capture = self.capture("--segments", "-w", kept)
        self.send_frames(BURST).stdout.readline()
        live = capture.stop()
        self.assertEqual([line for line in live if line["type"] == "segment"],
                         [line for line in inspecting.inspect(kept, "--segments")
                          if line["type"] == "segment"])
        if tshark.lacks():
            self.skipTest(tshark.lacks())
        self.assertFalse(tshark.differences(kept))

    def test_an_interface_that_vanishes_ends_the_capture_with_an_error_and_a_summary(self):
        other = namespaces.Namespace()
        self.addCleanup(other.close)
        namespaces.link(self.space, "here", other, "there")
        capture = self.capture(interface="here")
        self.space.run("ip", "link", "delete", "here")
        lines = capture.lines()
        self.assertEqual(capture.program.returncode, 1)
        self.assertIn(b"the capture on 'here' ended: The interface disappeared", capture.errors)
        self.assertEqual(lines[-1]["type"], "summary")
        self.assertIn("disappeared", lines[-1]["flaw"])

    def test_being_told_to_end_ends_with_the_summary(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            capture = self.capture()
            lines = capture.stop(number)
            self.assertEqual((capture.program.returncode, lines[-1]["type"]), (0, "summary"))

    def fail_to_start(self, *options, **more):
        """What it says."""
        result = subprocess.run(
            self.space.command(inspecting.WIRESEAM, "inspect", "-i", *options),
            capture_output=True, text=True, timeout=TIME_LIMIT_S, **more)
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        return result.stderr

    def test_a_wrong_filter_is_shown_with_the_place(self):
        said = self.fail_to_start("lo", "-f", "tcp prot 80")
        self.assertIn("bad capture filter: syntax error\n  tcp prot 80\n      ^\n", said)

    def test_without_the_right_the_line_that_gives_it_is_printed(self):
        said = self.fail_to_start("lo", preexec_fn=drop_right_to_capture)
        self.assertIn("cannot capture on 'lo': Operation not permitted", said)
        self.assertIn(f"sudo setcap cap_net_raw=ep {inspecting.WIRESEAM.resolve()}\n", said)

    def test_root_and_its_capabilities_are_given_up_once_the_interface_is_open(self):
        capture = self.capture()
        self.send_frames(1).stdout.readline()
        # The thread that captures has been started when there is something to read.
        capture.program.stdout.readline()
        for status in pathlib.Path(f"/proc/{capture.program.pid}/task").glob("*/status"):
            values = dict(line.split(":\t", 1) for line in status.read_text().splitlines())
            self.assertEqual(set(values["Uid"].split()), {str(NOBODY)})
            self.assertEqual(values["NoNewPrivs"], "1")
            for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
                self.assertEqual(int(values[name], 16), 0, name)
        capture.stop()


if __name__ == "__main__":
    inspecting.run_tests()
