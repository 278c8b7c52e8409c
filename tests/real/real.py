# SPDX-License-Identifier: Apache-2.0
"""Runs real programs untraced and traced: what they do and say must be the same."""

import collections
import dataclasses
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("WIRESEAM_BUILD", ROOT / "build/dev"))
WIRESEAM = str(BUILD / "bin/wireseam")
PYTHON = os.path.realpath(sys.executable)
TIME_LIMIT_S = 60  # for what takes a second where nothing else runs


def find(name):
    """The path of a program; servers live where an ordinary user's PATH doesn't look."""
    path = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if path is None:
        raise unittest.SkipTest(f"there is no {name} on this machine")
    return path


def listener():
    """A socket that listens on a port of its own: who connects before the server runs waits."""
    made = socket.create_server(("127.0.0.1", 0), backlog=64)
    made.settimeout(TIME_LIMIT_S)
    return made


@dataclasses.dataclass(frozen=True)
class Outcome:
    status: int
    stdout: str
    stderr: str


class Run:
    """A folder, and the programs that are started in it, all untraced or all traced."""

    def __init__(self, test, traced):
        folder = tempfile.TemporaryDirectory(prefix="wireseam-")
        test.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self._test = test
        self._traced = traced
        self._traces = []

    def start(self, *words, within=(), **options):
        """`within` is a command that runs another one, and is not traced."""
        command = [str(word) for word in words]
        if self._traced:
            trace = self.folder / f"trace.{len(self._traces)}"
            self._traces.append(trace)
            command = [WIRESEAM, "trace", "--json", "-o", str(trace), "--", *command]
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                   "stderr": subprocess.PIPE, "text": True, "cwd": self.folder, **options}
        process = subprocess.Popen([*within, *command], **options)
        self._test.addCleanup(self._end, process)
        return process

    def finish(self, process, sent=None):
        stdout, stderr = process.communicate(sent, timeout=TIME_LIMIT_S)
        return Outcome(process.returncode, stdout, stderr)

    def run(self, *words, sent=None, **options):
        if sent is not None:
            options["stdin"] = subprocess.PIPE
        return self.finish(self.start(*words, **options), sent)

    @staticmethod
    def _end(process):
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        process.communicate()

    def calls(self):
        """How often each call is in the traces of this run."""
        counts = collections.Counter()
        for trace in self._traces:
            for line in trace.read_text().splitlines():
                event = json.loads(line)
                self._test.assertNotEqual(event["event"], "lost", line)
                if event["event"] == "call":
                    counts[event["call"]] += 1
        return counts


class RealTest(unittest.TestCase):
    maxDiff = 4000

    def check_same(self, scenario, *expected):
        """`scenario(run)` gives what the user of its programs sees. Traced, it is the same, and the
        expected calls are in the trace."""
        untraced = scenario(Run(self, traced=False))
        run = Run(self, traced=True)
        self.assertEqual(scenario(run), untraced)
        calls = run.calls()
        for name in expected:
            self.assertGreater(calls[name], 0, f"no {name} among {dict(calls)}")
        return calls
