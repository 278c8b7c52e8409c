# SPDX-License-Identifier: Apache-2.0
"""A program that is recorded reads, prints and ends as it does without."""

import signal
import subprocess
import unittest

from recording import meta
from tracing import TIME_LIMIT, WIRESEAM, TestCase, may_capture, python, run

TALKS = """
import socket
with socket.create_server(("127.0.0.1", 0)) as listener:
    client = socket.create_connection(listener.getsockname())
    client.sendall(b"hello")
    print(listener.accept()[0].recv(9))
"""
IGNORES_TERM = "trap '' TERM; echo ready; read line; exit 5"

PROGRAMS = {
    "a status": ("sh", "-c", "echo out; echo err >&2; exit 3"),
    "a signal": ("sh", "-c", "echo out; kill -TERM $$"),
    "a crash": ("sh", "-c", "kill -SEGV $$"),
    "SIGKILL": ("sh", "-c", "echo out; kill -KILL $$"),
    "its input": ("tr", "a-z", "A-Z"),
    "a child that goes on": ("sh", "-c", "(read line; echo $line) <&0 & exit 4"),
    "its descriptors": ("sh", "-c", "ls /proc/self/fd"),
    "its signals": ("grep", "^Sig[BIC]", "/proc/self/status"),
    "its limits": ("sh", "-c", "ulimit -a"),
    "its rights": ("grep", "^Cap", "/proc/self/status"),
    "its session": python("import os; print(os.getsid(0) == os.getpid(), os.nice(0), os.umask(0))"),
    "sockets": python(TALKS),
    "an exception": python("import socket; socket.create_connection(('127.0.0.1', 1))"),
}


class RecordedProgramsTest(TestCase):
    def setUp(self):
        self.folder = self.temporary_folder() / "recording"

    def recorder(self, *command):
        return WIRESEAM, "record", "-o", str(self.folder), *self.only_calls(), "--", *command

    @staticmethod
    def only_calls():
        """What is missing is told on stderr, which is compared."""
        return () if may_capture() else ("--calls-only",)

    @staticmethod
    def result(command):
        finished = run(*command, input=b"some words\n")
        return finished.returncode, finished.stdout, finished.stderr

    def test_its_output_and_its_end_are_the_same(self):
        for name, command in PROGRAMS.items():
            with self.subTest(name):
                self.folder = self.temporary_folder() / "recording"
                self.assertEqual(self.result(self.recorder(*command)), self.result(command))

    def test_whoever_stops_reading_ends_it(self):
        with subprocess.Popen(self.recorder("yes"), stdout=subprocess.PIPE) as recorder:
            self.assertEqual(recorder.stdout.readline(), b"y\n")
            recorder.stdout.close()
            self.assertEqual(recorder.wait(TIME_LIMIT), -signal.SIGPIPE)
        self.assertEqual(meta(self.folder)["signal"], signal.SIGPIPE)

    def start(self, *command):
        """Its recorder, when it has printed a line."""
        # Where the tests run in the background of a script, they ignore SIGINT, and so would it.
        recorder = subprocess.Popen(
            self.recorder(*command), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        self.addCleanup(recorder.communicate)
        self.addCleanup(recorder.kill)
        recorder.stdout.readline()
        return recorder

    def test_a_signal_for_the_recorder_is_for_the_program(self):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            with self.subTest(number.name):
                self.folder = self.temporary_folder() / "recording"
                recorder = self.start("sh", "-c", "echo ready; read line")
                recorder.send_signal(number)
                self.assertEqual(recorder.wait(TIME_LIMIT), -number)
                self.assertEqual(meta(self.folder)["signal"], number)

    def test_a_program_that_ignores_a_signal_is_recorded_on(self):
        recorder = self.start("sh", "-c", IGNORES_TERM)
        recorder.terminate()
        recorder.communicate(b"\n", timeout=TIME_LIMIT)
        self.assertEqual(recorder.returncode, 5)
        self.assertEqual(meta(self.folder)["exit_status"], 5)


if __name__ == "__main__":
    unittest.main()
