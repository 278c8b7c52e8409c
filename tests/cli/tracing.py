# SPDX-License-Identifier: Apache-2.0
"""Runs `wireseam trace` for tests."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.append(str(ROOT / "tests"))

from reachable import reachable  # noqa: E402

BIN = reachable(pathlib.Path(os.environ.get("WIRESEAM_BIN", ROOT / "build/dev/bin")).parent) / "bin"
WIRESEAM = str(BIN / "wireseam")
SHIM = str(BIN.parent / "lib/libwireseam-shim.so")
TIME_LIMIT = 30  # seconds for what should take none
CAP_NET_RAW = 13
NOBODY = 65534
PYTHON = os.path.realpath(sys.executable)

# Sends five bytes to itself.
HELLO = """
import socket
a, b = socket.socketpair()
a.send(b"hello")
b.recv(9)
"""


def run(*command, **options):
    """The finished process; what it printed is bytes."""
    return subprocess.run(
        command, stdout=options.pop("stdout", subprocess.PIPE),
        stderr=options.pop("stderr", subprocess.PIPE),
        timeout=TIME_LIMIT, check=False, **options)


def may_capture():
    with open("/proc/self/status", encoding="ascii") as status:
        effective = next(line for line in status if line.startswith("CapEff"))
    return int(effective.split()[1], 16) >> CAP_NET_RAW & 1


def trace(*arguments, **options):
    return run(WIRESEAM, "trace", *arguments, **options)


def python(code, *arguments):
    """The command that runs `code`."""
    return (PYTHON, "-c", code, *arguments)


class TestCase(unittest.TestCase):
    def temporary_folder(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        return pathlib.Path(folder)

    def compiled(self, source, *flags):
        """A program made of C source; the test is skipped where the compiler can't."""
        program = self.temporary_folder() / "program"
        compiler = run("cc", "-x", "c", "-", "-o", program, *flags, input=source.encode())
        if compiler.returncode != 0:
            self.skipTest(f"cc {' '.join(flags)}: {compiler.stderr.decode()[:200]}")
        return str(program)

    def assert_starts(self, line, text):
        self.assertTrue(text.startswith(line), text)
