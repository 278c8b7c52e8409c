# SPDX-License-Identifier: Apache-2.0
"""What lies around wireseam inspect: files that are no captures, full disks, closed pipes,
terminals, and names that would do something to one."""

import gzip
import json
import os
import pathlib
import pty
import select
import signal
import struct
import subprocess
import tempfile
import unittest

import captures
import inspecting
from captures import Talk, conversation, pcap, spaced

FRAMES = 20_000
EVIL = b'\x1b]0;title\x07\x1b[31m\xff'
EVIL_TEXT = b'\xc2\x9b1m\xe2\x80\xae'  # such as JSON may have
UNPRINTABLE = [b"\x1b", b"\x07", b"\xc2\x9b", b"\xe2\x80\xae", b"\xff"]


def frame(header):
    return struct.pack("<i", len(header)) + header + b"!!"


def many_frames():
    """A capture whose report is far larger than a pipe."""
    talk = Talk().open()
    for number in range(FRAMES):
        talk.say(number % 2, frame(b'{"total_size": 2, "filename": "x"}'))
    return pcap(spaced(talk.close().packets))


class Surroundings(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.capture = self.folder / "small.pcap"
        self.capture.write_bytes(pcap(spaced(conversation())))

    def large(self):
        file = self.folder / "large.pcap"
        file.write_bytes(many_frames())
        return file

    def run_bytes(self, *arguments, **options):
        return subprocess.run(
            [inspecting.WIRESEAM, "inspect", *arguments], check=False, timeout=60,
            stdout=options.pop("stdout", subprocess.PIPE), stderr=subprocess.PIPE, **options)

    def assert_fails(self, result, *messages):
        self.assertEqual(result.returncode, 1, result.stderr)
        for message in messages:
            self.assertIn(message.encode(), result.stderr)


class Files(Surroundings):
    def test_what_is_no_capture_is_told_from_what_cannot_be_read(self):
        (self.folder / "empty").touch()
        (self.folder / "text").write_text("a text\n")
        for name, message in (
                ("empty", "is no capture file: it is empty"), ("text", "is no capture file"),
                ("none", "No such file or directory"), ("text/x", "Not a directory")):
            with self.subTest(name):
                self.assert_fails(self.run_bytes(self.folder / name), message)
        self.assert_fails(self.run_bytes("/dev/null"), "it is empty")

    @unittest.skipIf(os.geteuid() == 0 and not os.path.exists("/usr/bin/setpriv"),
                     "root may read everything")
    def test_a_file_that_may_not_be_read_is_an_error(self):
        self.folder.chmod(0o755)
        self.capture.chmod(0)
        dropping = ["setpriv", "--reuid=65534", "--clear-groups"] if os.geteuid() == 0 else []
        result = subprocess.run(
            [*dropping, inspecting.WIRESEAM, "inspect", self.capture], check=False, timeout=60,
            capture_output=True)
        if result.returncode in (126, 127):
            self.skipTest("another user may not run wireseam here")
        self.assert_fails(result, "Permission denied")

    def test_a_compressed_capture_is_recognised_in_a_file_and_in_a_pipe(self):
        packed = gzip.compress(self.capture.read_bytes())
        file = self.folder / "x.pcap.gz"
        file.write_bytes(packed)
        for result in (self.run_bytes(file), self.run_bytes("-", input=packed)):
            self.assert_fails(result, "it is compressed")

    def test_a_capture_may_come_through_a_pipe_byte_by_byte(self):
        program = subprocess.Popen(
            [inspecting.WIRESEAM, "inspect", "-", "--json"], bufsize=0, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)
        self.addCleanup(program.kill)
        for byte in self.capture.read_bytes():
            program.stdin.write(bytes([byte]))
        output, _ = program.communicate(timeout=60)
        self.assertEqual(output, self.run_bytes(self.capture, "--json").stdout)

    def test_the_capture_that_is_read_is_never_written_over(self):
        before = self.capture.read_bytes()
        link = self.folder / "link"
        link.symlink_to(self.capture)
        for option, file in (("-w", self.capture), ("-w", link), ("-o", self.capture)):
            with self.subTest(option=option, file=file):
                self.assert_fails(self.run_bytes(self.capture, option, file), "that is read")
                self.assertEqual(self.capture.read_bytes(), before)


    def test_a_stream_that_is_not_there_is_an_error(self):
        self.assert_fails(self.run_bytes(self.capture, "--stream", "2"), "no connection 2")
        self.assertEqual(self.run_bytes(self.capture, "--stream", "1:client").stdout, b"hello")


class FullDisksAndClosedPipes(Surroundings):
    def test_a_full_disk_under_the_packets_is_an_error_and_the_report_goes_on(self):
        result = self.run_bytes(self.capture, "-w", "/dev/full", "--json")
        self.assert_fails(result, "No space left on device")
        limited = "ulimit -f 1; trap '' XFSZ; exec \"$@\""
        kept = self.folder / "kept.pcap"
        result = subprocess.run(
            ["bash", "-c", limited, "-", inspecting.WIRESEAM, "inspect", self.large(), "--totals",
             "--json", "-w", kept], check=False, capture_output=True, timeout=60)
        self.assert_fails(result, "File too large", "it has the first")
        self.assertEqual(json.loads(result.stdout.splitlines()[-1])["packets"], FRAMES + 6)
        # What it has is a capture, not one that is cut.
        self.assertEqual(inspecting.run(kept, "--json").stderr, "")

    def test_whoever_closes_the_pipe_has_seen_enough(self):
        large = self.large()
        for options in (["--json"], ["--text"], ["--stream", "1"]):
            with self.subTest(options):
                program = subprocess.Popen(
                    [inspecting.WIRESEAM, "inspect", large, *options], stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE)
                self.addCleanup(program.kill)
                self.assertTrue(program.stdout.read(10))
                program.stdout.close()
                self.assertEqual((program.wait(timeout=60), program.stderr.read()), (0, b""))
                program.stderr.close()

    def test_packets_on_standard_output_are_not_mixed_with_a_report(self):
        self.assertEqual(self.run_bytes(self.capture, "-w", "-").returncode, 2)
        report = self.folder / "report"
        packets = self.run_bytes(self.capture, "-w", "-", "-o", report, "--json").stdout
        self.assertEqual(self.run_bytes("-", "--json", input=packets).stdout, report.read_bytes())


class Terminals(Surroundings):
    def with_terminal(self, *arguments, **options):
        """A program that has started, and a terminal for which it may have descriptors."""
        terminal, inside = pty.openpty()
        self.addCleanup(os.close, terminal)
        streams = {name: inside if value == "terminal" else value
                   for name, value in options.items()}
        program = subprocess.Popen(
            [inspecting.WIRESEAM, "inspect", *arguments], stdin=subprocess.DEVNULL, **streams)
        os.close(inside)
        self.addCleanup(program.kill)
        return program, terminal

    def all_of(self, terminal):
        text = b""
        try:
            while piece := os.read(terminal, 65536):
                text += piece
        except OSError:  # nobody has the other end any more
            pass
        return text

    def test_nothing_that_a_peer_sent_reaches_a_terminal_as_it_is(self):
        header = b'{"total_size": 2, "filename": "' + EVIL_TEXT + b'"}'
        talk = Talk().open().say(0, frame(header)).say(0, EVIL + EVIL_TEXT).close()
        self.capture.write_bytes(pcap(spaced(talk.packets)))
        for options in (["--text", "--color=never"], ["--json"], ["--stream", "1"]):
            with self.subTest(options):
                program, terminal = self.with_terminal(
                    self.capture, *options, "--framing", "json-header", stdout="terminal",
                    stderr=subprocess.DEVNULL)
                text = self.all_of(terminal)
                self.assertEqual(program.wait(timeout=60), 0)
                self.assertIn(b"total_size", text)
                self.assertFalse([evil for evil in UNPRINTABLE if evil in text], text)

    def test_the_name_of_a_file_does_nothing_to_a_terminal(self):
        file = self.folder / os.fsdecode(EVIL + EVIL_TEXT)
        file.write_bytes(self.capture.read_bytes()[:-1])
        for name in (file, file.with_name(file.name + "not there")):
            for option in ("--text", "--json"):
                result = self.run_bytes(name, option)
                text = result.stderr + result.stdout
                self.assertFalse([evil for evil in UNPRINTABLE if evil in text], text)

    def test_a_bar_shows_on_a_terminal_how_far_a_file_has_been_read(self):
        program, terminal = self.with_terminal(
            self.large(), "--json", stdout=subprocess.PIPE, stderr="terminal")
        while not select.select([terminal], [], [], 0.05)[0]:
            # It shows when reading takes a while, and writing makes it wait.
            self.assertTrue(program.stdout.read(65536), "it ended without a bar")
        self.assertRegex(os.read(terminal, 65536), rb"\[#* *\] +\d+ % of 2 MB")
        program.stdout.close()
        self.assertTrue(self.all_of(terminal).endswith(b"\r\x1b[K"))
        self.assertEqual(program.wait(timeout=60), 0)


class CtrlC(Surroundings):
    def test_a_file_that_is_being_read_ends_with_the_summary_of_what_was_read(self):
        program = subprocess.Popen(
            [inspecting.WIRESEAM, "inspect", self.large(), "--json"], stdout=subprocess.PIPE)
        self.addCleanup(program.kill)
        # By then it waits for room in the pipe.
        self.assertTrue(program.stdout.readline())
        program.send_signal(signal.SIGINT)
        output, _ = program.communicate(timeout=60)
        summary = json.loads(output.splitlines()[-1])
        self.assertEqual((program.returncode, summary["type"]), (0, "summary"))
        self.assertLess(summary["packets"], FRAMES)
        self.assertNotIn("flaw", summary)


if __name__ == "__main__":
    inspecting.run_tests()
