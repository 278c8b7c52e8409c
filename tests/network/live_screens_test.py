# SPDX-License-Identifier: Apache-2.0
"""The screens of wireseam inspect -i, each time in a network namespace of its own: what is seen of
traffic, how soon, and what it costs."""

import os
import pathlib
import select
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "inspector"))

import inspecting  # noqa: E402
import namespaces  # noqa: E402
from person import Person  # noqa: E402

TIME_LIMIT_S = 60
FLOOD_RATE = 100_000
RING_BYTES = 64 << 20
MOST_FOR_A_KEY_S = 0.1
MOST_FOR_A_PACKET_S = 0.06
MOST_IDLE = 0.02  # of one processor

# Sends a datagram to each port that it is told, and says when.
SENDER = """
import socket, sys, time
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for port in sys.stdin:
    print(time.monotonic(), flush=True)
    sender.sendto(b"x", ("127.0.0.1", int(port)))
"""


def usual(delays):
    """The machine may be busy with other things now and then."""
    return sorted(delays)[len(delays) // 2]


def processor_time_s(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@unittest.skipIf(namespaces.lacks(), namespaces.lacks())
class LiveScreens(unittest.TestCase):
    def setUp(self):
        self.space = namespaces.Namespace()
        self.addCleanup(self.space.close)
        self.space.run("ip", "link", "set", "lo", "up")

    def inspect(self, *options, interface="lo"):
        person = Person(*self.space.command(inspecting.WIRESEAM, "inspect", "-i", interface,
                                            *options))
        self.addCleanup(person.__exit__)
        person.wait_for("Waiting for the first packets.")
        return person

    def start(self, *command):
        program = self.space.start(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(program.communicate)
        self.addCleanup(program.kill)
        return program

    def flood(self, packets, size=64, rate=FLOOD_RATE):
        return self.start(inspecting.TESTS / "send_datagrams", packets, size, rate)

    def wait_for_bytes(self, person, text):
        """When they came."""
        limit = time.monotonic() + TIME_LIMIT_S
        while text not in person.seen:
            self.assertLess(time.monotonic(), limit, f"no {text} came")
            person.read(0.5)
        return time.monotonic()

    def drain(self, person, quiet_s):
        while select.select([person.master], [], [], quiet_s)[0]:
            person.read()
        person.seen = b""

    def drain_for(self, person, duration_s):
        limit = time.monotonic() + duration_s
        while (left := limit - time.monotonic()) > 0:
            person.read(left)
        person.seen = b""

    def test_the_samples_talk_and_handshake_headers_and_teardown_are_seen(self):
        person = self.inspect()
        server = self.start(inspecting.BUILD / "bin/exec-server", "tcp:127.0.0.1:0")
        address = server.stdout.readline().decode().split()[-1]
        client = self.start(inspecting.BUILD / "bin/exec-client", address, "echo hello")
        self.assertIn(b"hello", client.communicate(timeout=TIME_LIMIT_S)[0])
        person.wait_for("1 connection", address.removeprefix("tcp:"), "closed")
        person.press("4")
        person.wait_for("total_size: 6", "md5: ", "status: 0")
        person.press("1\r")
        person.wait_for("SYN seq 0", "handshake", "frame 1")
        person.press("Q")
        self.assertEqual(person.wait_for_end(), 0)

    def test_packets_are_kept_where_nobody_else_may_write(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        kept = pathlib.Path(folder.name) / "kept.pcap"
        person = self.inspect("-w", kept)
        self.flood(3).wait(TIME_LIMIT_S)
        person.wait_for("3 packets")
        person.press("Q")
        self.assertEqual(person.wait_for_end(), 0)
        lines = [line["type"] for line in inspecting.inspect(kept)]
        self.assertEqual(lines.count("frame"), 3)

    def test_an_interface_that_vanishes_is_a_message_and_what_was_seen_stays(self):
        other = namespaces.Namespace()
        self.addCleanup(other.close)
        namespaces.link(self.space, "here", other, "there")
        person = self.inspect(interface="here")
        self.space.run("ip", "link", "delete", "here")
        person.wait_for("the capture on 'here' ended: The interface disappeared")
        person.press("7")
        person.wait_for("1 message", "The interface disappeared")
        person.press("Q")
        self.assertEqual(person.wait_for_end(), 1)
        self.assertTrue(person.terminal_is_as_before())

    def test_ctrl_c_stops_the_capture_and_once_more_ends(self):
        person = self.inspect()
        person.press("\x03")
        person.wait_for("the capture is stopped")
        person.press("\x03")
        self.assertEqual(person.wait_for_end(), 0)

    def test_a_pause_holds_the_lists_and_says_how_far_behind_they_are(self):
        person = self.inspect()
        person.press("p")
        person.wait_for("PAUSED: 0 packets behind")
        self.flood(100).communicate(timeout=TIME_LIMIT_S)
        person.wait_for("PAUSED: 100 packets behind", "Waiting for the first packets.")
        person.press("p")
        person.wait_for("100 packets, 1 connection")

    def test_a_packet_is_on_the_screen_soon(self):
        person = self.inspect()
        person.press("5")
        sender = self.start(sys.executable, "-c", SENDER)
        delays = []
        for port in range(50_001, 50_021):
            self.drain(person, 0.1)
            sender.stdin.write(b"%d\n" % port)
            sender.stdin.flush()
            sent = float(sender.stdout.readline())
            delays.append(self.wait_for_bytes(person, b"%d" % port) - sent)
        self.assertLess(usual(delays), MOST_FOR_A_PACKET_S)

    def test_in_a_flood_keys_are_answered(self):
        for screen in "15":
            person = self.inspect("--memory", "32")
            person.press(screen)
            flood = self.flood(10 * FLOOD_RATE)
            person.wait_for("127.0.0.1")
            delays = []
            for _ in range(10):
                pressed = time.monotonic()
                person.press("?")
                delays.append(self.wait_for_bytes(person, b"WheelUp") - pressed)
                person.press("\x1b")
                self.drain_for(person, 0.3)
            self.assertIsNone(flood.poll(), "the flood was too short")
            flood.kill()  # the next screen is to wait for its own
            flood.wait()
            self.assertLess(usual(delays), MOST_FOR_A_KEY_S, f"on screen {screen}")

    def test_what_the_kernel_dropped_stands_on_the_screen(self):
        person = self.inspect()
        person.process.send_signal(signal.SIGSTOP)
        size = 60_000
        self.flood(2 * RING_BYTES // size, size).communicate(timeout=TIME_LIMIT_S)
        person.process.send_signal(signal.SIGCONT)
        self.assertRegex(person.wait_for(" dropped"), r"\d[kM]? dropped")

    def test_where_nothing_happens_it_does_nothing(self):
        person = self.inspect()
        begin, used = time.monotonic(), processor_time_s(person.process.pid)
        while time.monotonic() < begin + 3:
            person.read(0.5)
        share = (processor_time_s(person.process.pid) - used) / (time.monotonic() - begin)
        self.assertLess(share, MOST_IDLE)


if __name__ == "__main__":
    inspecting.run_tests()
