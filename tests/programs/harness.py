# SPDX-License-Identifier: Apache-2.0
"""Runs a program untraced and traced, and compares all that its user can see of the two runs."""

import collections
import contextlib
import dataclasses
import json
import os
import pathlib
import signal
import struct
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("WIRESEAM_BUILD", ROOT / "build/dev"))
PROGRAMS = BUILD / "tests/programs"
SHIM = BUILD / "lib/libwireseam-shim.so"
TRACER = [str(BUILD / "bin/trace_driver")]
TIME_LIMIT_S = 120  # of one run; the machine may be busy


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What a run left behind. A status is as subprocess has it: negative for a signal."""

    status: int
    stdout: str
    stderr: str


@dataclasses.dataclass(frozen=True)
class Call:
    name: str
    pid: int
    tid: int
    state: str  # "returned" or "cut off"
    result: int
    errno: int
    arguments: tuple
    blobs: tuple  # (parameter, part, index, total, bytes)

    def payload(self, parameter=1):
        """The bytes that a pointer parameter pointed at, None where they are not recorded."""
        found = [blob for blob in self.blobs if blob[0] == parameter and blob[1] in (0, 4)]
        return b"".join(blob[4] for blob in found) if found else None


class Trace:
    """The events of a traced run, as the tracer wrote them."""

    def __init__(self, path, status):
        self.status = status  # how the program ended
        self.calls = []
        self.lost = 0
        self.programs = []  # (pid, name)
        self.ends = {}  # status by pid
        with open(path, encoding="utf-8") as file:
            for line in file:
                self._add(json.loads(line))

    def _add(self, event):
        kind = event.get("event")
        if kind == "lost":
            self.lost = event["count"]
        elif kind == "begin":
            self.programs.append((event["pid"], event["name"]))
        elif kind == "end":
            self.ends[event["pid"]] = event["status"]
        elif event["state"] != "running":
            self._add_call(event)

    def _add_call(self, event):
        blobs = tuple((*blob[:4], bytes.fromhex(blob[4])) for blob in event["blobs"])
        self.calls.append(
            Call(
                event["call"],
                event["pid"],
                event["tid"],
                event["state"],
                event["result"],
                event["errno"],
                tuple(event["args"]),
                blobs,
            )
        )

    def finished(self, name):
        return [call for call in self.calls if call.name == name and call.state == "returned"]

    def unfinished(self, name):
        return [call for call in self.calls if call.name == name and call.state == "cut off"]

    def count(self, name):
        return len(self.finished(name))

    def count_by_thread(self, name):
        return collections.Counter(call.tid for call in self.finished(name))


def run(command, folder, **options):
    """Runs a command in a folder, in a process group of its own that is killed if it hangs."""
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="backslashreplace",
        start_new_session=True,
        **options,
    )
    try:
        stdout, stderr = process.communicate(timeout=TIME_LIMIT_S)
    except subprocess.TimeoutExpired as hung:
        os.killpg(process.pid, signal.SIGKILL)
        stdout, stderr = process.communicate()
        raise AssertionError(f"{command} hung; it said {stdout!r} {stderr!r}") from hung
    return Outcome(process.returncode, stdout, stderr)


class ProgramTest(unittest.TestCase):
    """A test's runs happen in folders of their own, which are removed at its end."""

    def new_folder(self):
        folder = tempfile.TemporaryDirectory(prefix="wireseam-")
        self.addCleanup(folder.cleanup)
        return pathlib.Path(folder.name)

    def run_untraced(self, name, *arguments, **options):
        """A name without a slash is one of the test programs."""
        return run(command_of(name, arguments), self.new_folder(), **options)

    def run_traced(self, name, *arguments, tracing=(), **options):
        """The outcome, the trace, and the folder in which it ran."""
        folder = self.new_folder()
        output = self.new_folder() / "trace.json"
        tracer = [*TRACER, "-o", output, *tracing]
        outcome = run([*tracer, *command_of(name, arguments)], folder, **options)
        return outcome, Trace(output, outcome.status), folder

    def check_same(self, name, *arguments, **options):
        """Runs it both ways, compares what can be seen, and gives the trace."""
        traced, trace, _ = self.run_traced(name, *arguments, **options)
        options.pop("tracing", None)
        untraced = self.run_untraced(name, *arguments, **options)
        self.assertEqual(traced, untraced)
        self.assertEqual(trace.lost, 0)
        return trace


def counts_in(file):
    """The 64-bit numbers that a program has written into a shared mapping of a file."""
    data = file.read_bytes()
    return struct.unpack(f"{len(data) // 8}Q", data)


def command_of(name, arguments):
    path = name if "/" in str(name) else PROGRAMS / name
    return [str(path), *map(str, arguments)]


@contextlib.contextmanager
def skipping_without(tool, why):
    """For tests that need a right or a tool that this machine may lack."""
    try:
        yield
    except (PermissionError, FileNotFoundError) as error:
        raise unittest.SkipTest(f"{tool}: {why}: {error}") from error
