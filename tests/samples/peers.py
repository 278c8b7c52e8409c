# SPDX-License-Identifier: Apache-2.0
"""Starts the samples for tests, and ends them."""

import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("WIRESEAM_BIN", os.path.join(ROOT, "build", "dev", "bin"))
TIME_LIMIT = 20  # seconds for what should take none


def program(name):
    return os.path.join(BIN, name)


class Server:
    """A server that has printed its `listening on` line. At the end of the `with` it is told to
    stop, and must do so with status 0 unless the test has looked at its end itself."""

    def __init__(self, *command, stdin=subprocess.DEVNULL):
        self.process = subprocess.Popen(
            [program(command[0]), *command[1:]],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        line = self.process.stdout.readline().decode()
        if not line.startswith("listening on "):
            _, stderr = self.process.communicate(timeout=TIME_LIMIT)
            raise AssertionError(f"no `listening on` line: {line!r}, stderr {stderr!r}")
        self.name = line.split()[-1]

    @property
    def pid(self):
        return self.process.pid

    @property
    def address(self):
        """What Python's connect() wants."""
        scheme, rest = self.name.split(":", 1)
        if scheme.startswith("unix"):
            return "\0" + rest[1:] if rest.startswith("@") else rest
        host, port = rest.rsplit(":", 1)
        return (host.strip("[]"), int(port))

    def connect(self):
        """A stream socket, connected."""
        family = socket.AF_UNIX if isinstance(self.address, str) else socket.AF_INET
        client = socket.socket(family, socket.SOCK_STREAM)
        client.settimeout(TIME_LIMIT)
        client.connect(self.address)
        return client

    def descriptors(self):
        return set(os.listdir(f"/proc/{self.pid}/fd"))

    def peak_memory_kb(self):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
            return int(status.read().split("VmHWM:")[1].split()[0])

    def stop(self, signum=signal.SIGTERM):
        """Returns (exit status, rest of stdout, stderr)."""
        self.process.send_signal(signum)
        return self.wait()

    def wait(self):
        stdout, stderr = self.process.communicate(timeout=TIME_LIMIT)
        return self.process.returncode, stdout.decode(), stderr.decode()

    def __enter__(self):
        return self

    def __exit__(self, failure, *_):
        with self.process:  # closes what is left of its pipes
            if self.process.returncode is not None:
                return
            try:
                status, _, stderr = self.stop()
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise
            if failure is not None:
                sys.stderr.write(stderr)
            elif status != 0:
                raise AssertionError(f"server ended with {status}: {stderr}")


def run(*command, text=""):
    """Runs a program to its end; TEXT is its stdin. Returns (exit status, stdout, stderr)."""
    done = subprocess.run(
        [program(command[0]), *command[1:]],
        input=text.encode(),
        capture_output=True,
        timeout=TIME_LIMIT,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def recv_exactly(client, size):
    received = b""
    while len(received) < size:
        piece = client.recv(size - len(received))
        if not piece:
            raise AssertionError(f"closed after {len(received)} of {size} bytes")
        received += piece
    return received


def reset(client):
    """Closes with an RST instead of a FIN."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


class TestCase(unittest.TestCase):
    maxDiff = None

    def temporary_directory(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        return directory.name

    def temporary_file(self, content):
        path = os.path.join(self.temporary_directory(), "file")
        with open(path, "wb") as file:
            file.write(content)
        return path
