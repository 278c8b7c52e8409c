# SPDX-License-Identifier: Apache-2.0
"""Runs a program untraced and traced, and compares all that its user can see of the two runs."""

import base64
import collections
import contextlib
import dataclasses
import json
import os
import pathlib
import signal
import struct
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests"))

from reachable import reachable  # noqa: E402

BUILD = reachable(os.environ.get("WIRESEAM_BUILD", ROOT / "build/dev"))
PROGRAMS = BUILD / "tests/programs"
SHIM = BUILD / "lib/libwireseam-shim.so"
WIRESEAM = BUILD / "bin/wireseam"
TRACER = [str(WIRESEAM), "trace", "--json", "--payload", "all"]
TIME_LIMIT_S = 120  # of one run; the machine may be busy


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What a run left behind. A status is as subprocess has it: negative for a signal."""

    status: int
    stdout: str
    stderr: str


@dataclasses.dataclass(frozen=True)
class Call:
    """A line of docs/json.md about a call."""

    name: str
    pid: int
    tid: int
    result: object
    errno: str | None  # its name
    args: dict  # by their names in the man page
    event: dict  # the whole line

    @property
    def unfinished(self):
        return "unfinished" in self.event

    @property
    def socket(self):
        return self.event.get("socket", {})

    @property
    def new_sockets(self):
        return self.event.get("new_sockets", [])

    def payload(self):
        """The bytes that it was to move, in one piece; None where they are not recorded."""
        args = self.args
        vector = args.get("msg", args).get("msg_iov", args.get("iov"))
        pieces = [args.get("buf")] if vector is None else [item["iov_base"] for item in vector]
        if not all(isinstance(piece, dict) for piece in pieces):
            return None
        return b"".join(map(bytes_of, pieces))


class Trace:
    """The events of a traced run."""

    def __init__(self, path, status):
        self.status = status  # how the program ended
        self.calls = []
        self.processes = []  # the lines about processes that began
        self.exits = {}  # the lines about their ends, by pid
        self.lost = 0
        with open(path, encoding="utf-8") as file:
            for line in file:
                self._add(json.loads(line))

    def _add(self, event):
        match event["event"]:
            case "call":
                error = event.get("errno", {}).get("name")
                self.calls.append(
                    Call(
                        event["call"],
                        event["pid"],
                        event["tid"],
                        event["result"],
                        error,
                        event.get("args", {}),
                        event,
                    )
                )
            case "process":
                self.processes.append(event)
            case "exit":
                self.exits[event["pid"]] = event
            case "lost":
                self.lost = event["lost"]

    def finished(self, name):
        return [call for call in self.calls if call.name == name and not call.unfinished]

    def unfinished(self, name):
        return [call for call in self.calls if call.name == name and call.unfinished]

    def count(self, name):
        return len(self.finished(name))

    def count_by_thread(self, name):
        return collections.Counter(call.tid for call in self.finished(name))


def bytes_of(value):
    """What docs/json.md calls bytes."""
    return base64.b64decode(value["base64"]) if "base64" in value else value["text"].encode()


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

    def check_same(self, name, *arguments, told=None, **options):
        """Runs it both ways, compares what can be seen, and gives the trace. Where the tracer has
        to tell something, it is one line with these words."""
        traced, trace, _ = self.run_traced(name, *arguments, **options)
        if told:
            lines = traced.stderr.splitlines(keepends=True)
            said = [line for line in lines if line.startswith("wireseam: ")]
            self.assertEqual([told in line for line in said], [True], said)
            rest = "".join(line for line in lines if line not in said)
            traced = dataclasses.replace(traced, stderr=rest)
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
