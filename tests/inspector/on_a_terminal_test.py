#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""wireseam inspect on a terminal: what a person sees there, and what is left of it at the end."""

import base64
import os
import pathlib
import re
import shutil
import signal
import struct
import tempfile
import unittest

import inspecting
from captures import Talk, pcap, spaced
from person import Person

EVIL = b"\x1b]0;title\x07\x1b[31m\xff\xc2\x9b2J"


def frame(header, body):
    return struct.pack("<i", len(header)) + header + body


def capture_of(*frames):
    talk = Talk((40000, 8080)).open()
    for side, content in enumerate(frames):
        talk.say(side % 2, content)
    return pcap(spaced(talk.close().packets))


class OnATerminal(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.capture = pathlib.Path(folder.name) / "small.pcap"
        self.capture.write_bytes(capture_of(
            frame(b'{"total_size": 2, "filename": "question"}', b"hi"),
            frame(b'{"total_size": 5, "filename": "answer"}', b"hello")))

    def open(self, capture=None, **options):
        return Person(inspecting.WIRESEAM, "inspect", "--framing", "json-header",
                      capture or self.capture, **options)

    def test_connections_ladder_and_headers_are_seen_and_q_leaves_all_as_it_was(self):
        with self.open() as person:
            person.wait_for("1 connection", "10.0.0.1:40000", "10.0.0.2:8080", "ended")
            person.press("\r")
            person.wait_for("SYN seq 0", "handshake", "frame 1", "teardown")
            person.press("4j")
            person.wait_for('filename: "answer"', "total_size: 5", "hello")
            person.press("Q")
            self.assertEqual(person.wait_for_end(), 0)
            self.assertTrue(person.terminal_is_as_before())

    def test_a_file_that_ends_amid_a_packet_is_shown_as_far_as_it_goes(self):
        self.capture.write_bytes(self.capture.read_bytes()[:-10])
        with self.open() as person:
            person.wait_for("ends early, after packet 7", "1 connection", "10.0.0.1:40000")
            person.press("Q")
            self.assertEqual(person.wait_for_end(), 0)

    def test_ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_again(self):
        shell = (f"set -m; {inspecting.WIRESEAM} inspect {self.capture}; echo stopped: $?; "
                 "read line; fg >/dev/null; echo over: $?")
        with Person("bash", "-c", shell) as person:
            person.wait_for("10.0.0.1:40000", "ended")
            person.press("\x1a")
            person.wait_for("stopped: 148")
            self.assertTrue(person.terminal_is_as_before())
            person.seen = b""
            person.press("\r")
            person.wait_for("10.0.0.1:40000", "ended")
            person.press("5")
            person.wait_for("PSH,ACK")
            person.press("Q")
            person.wait_for("over: 0")
            self.assertTrue(person.terminal_is_as_before())

    def test_who_may_not_capture_is_told_how_and_may_look_at_a_file(self):
        if os.geteuid() == 0 and not shutil.which("setpriv"):
            self.skipTest("root may capture")
        dropping = ["setpriv", "--bounding-set=-net_raw"] if os.geteuid() == 0 else []
        command = [*dropping, inspecting.WIRESEAM, "inspect", "-i", "lo"]
        with Person(*command) as person:
            person.wait_for("Operation not permitted", "sudo setcap cap_net_raw=ep",
                            "A capture file to look at instead")
            person.press("none\r")
            person.wait_for("cannot open", "none")
            person.press(f"{self.capture}\r")
            person.wait_for("1 connection", "10.0.0.1:40000")
            person.press("Q")
            self.assertEqual(person.wait_for_end(), 0)
        with Person(*command) as person:
            person.wait_for("A capture file to look at instead")
            person.press("\r")
            self.assertEqual(person.wait_for_end(), 1)

    def test_another_size_is_drawn_anew(self):
        with self.open() as person:
            person.wait_for("ended")
            person.resize(40, 120)
            self.assertIn("Messages", person.wait_for("10.0.0.1:40000", "ended").splitlines()[0])
            person.resize(5, 20)
            person.wait_for("20x5 is too small:")

    def test_signals_end_it_and_leave_the_terminal_as_it_was(self):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            with self.subTest(signal=number), self.open() as person:
                person.wait_for("ended")
                person.process.send_signal(number)
                self.assertEqual(person.wait_for_end(), 0)
                self.assertTrue(person.terminal_is_as_before())

    def test_where_it_dies_the_terminal_is_given_back(self):
        with self.open() as person:
            person.wait_for("ended")
            person.process.send_signal(signal.SIGABRT)
            self.assertEqual(person.wait_for_end(), -signal.SIGABRT)
            self.assertTrue(person.terminal_is_as_before())

    def test_the_mouse_chooses_a_screen(self):
        with self.open() as person:
            person.wait_for("ended")
            person.press("\x1b[<0;42;1M\x1b[<0;42;1m")
            person.wait_for("packet ", "source", "PSH,ACK")

    def test_the_wheel_moves_and_a_click_on_a_column_sorts(self):
        with self.open() as person:
            person.wait_for("ended")
            person.press("5")
            person.wait_for("Packet  1 at")
            person.press("\x1b[<65;10;5M\x1b[<65;10;5M")
            person.wait_for("Packet  3 at")
            person.press("\x1b[<64;10;5M")
            person.wait_for("Packet  2 at")
            person.press("1")
            person.wait_for("#^ client")
            person.press("\x1b[<0;6;3M\x1b[<0;6;3m")
            person.wait_for("client^")

    def test_terminals_with_few_colours_show_all_the_same(self):
        for name in ("xterm", "linux", "screen", "tmux-256color", "ansi"):
            with self.subTest(name), self.open(TERM=name) as person:
                person.wait_for("10.0.0.1:40000", "ended")
                person.press("4j")
                person.wait_for('filename: "answer"')

    def test_what_a_peer_sent_never_reaches_the_terminal_as_it_is(self):
        self.capture.write_bytes(capture_of(
            frame(b'{"total_size": 2, "filename": "' + EVIL + b'"}', b"hi"), EVIL * 20))
        with self.open() as person:
            person.wait_for("ended")
            for screen in "1234567":
                person.press(screen)
                person.press("j/title\r")
            person.press("4gy")
            person.wait_for("copied")
            copied = re.findall(rb"\x1b\]52;c;([^\x07]*)\x07", person.seen)
            self.assertTrue(base64.b64decode(copied[-1]).isascii())
            self.assertNotIn(b"\x1b", base64.b64decode(copied[-1]))
            for part in (b"\x1b]0;", b"\x07\x1b[31m\xff", b"\xc2\x9b2J"):
                self.assertNotIn(part, person.seen)

    def test_the_name_of_a_file_never_reaches_the_terminal_as_it_is(self):
        evil = self.capture.with_name(os.fsdecode(EVIL.replace(b"/", b"")))
        self.capture.rename(evil)
        with self.open(evil) as person:
            person.wait_for("\\x1b]0;title", "1 connection")
            self.assertNotIn(EVIL, person.seen)

    def test_colours_are_left_out_where_nobody_wants_them(self):
        with self.open(NO_COLOR="1") as person:
            person.wait_for("ended")
            self.assertNotRegex(person.seen, rb"\x1b\[[0-9;]*\b(3[0-7]|38;5;[0-9]+)\b[0-9;]*m")
        with self.open() as person:
            person.wait_for("ended")
            self.assertRegex(person.seen, rb"\x1b\[[0-9;]*38;5;")

    def test_an_old_terminal_without_unicode_gets_ascii(self):
        with self.open(TERM="vt100", LC_ALL="C") as person:
            person.wait_for("10.0.0.1:40000")
            self.assertTrue(person.seen.isascii())

    def test_a_terminal_that_has_no_cursor_is_an_error(self):
        with self.open(TERM="dumb") as person:
            self.assertEqual(person.wait_for_end(), 1)
            self.assertIn(b"the terminal 'dumb' (TERM) can't show screens", person.seen)
            self.assertEqual(person.settings(), person.before)

    def test_a_capture_may_come_through_a_pipe_while_keys_come_from_the_terminal(self):
        with Person("sh", "-c", f"(cat {self.capture}; sleep 100) | "
                    f"exec {inspecting.WIRESEAM} inspect --framing json-header -") as person:
            person.wait_for("10.0.0.1:40000")
            person.press("4")
            person.wait_for('filename: "question"')
            person.press("Q")
            limit = person.wait_for_end
            person.process.terminate()
            limit()


if __name__ == "__main__":
    inspecting.run_tests()
