# SPDX-License-Identifier: Apache-2.0
"""Plays a person at a terminal."""

import os
import pty
import select
import subprocess

from peers import TIME_LIMIT, program


def read_until(descriptor, end):
    text = b""
    while not text.endswith(end):
        if not select.select([descriptor], [], [], TIME_LIMIT)[0]:
            raise AssertionError(f"only {text!r} within {TIME_LIMIT} s, not {end!r}")
        text += os.read(descriptor, 1)
    return text


class Terminal:
    """A program with a terminal for stdin, stdout and stderr."""

    def __init__(self, *command):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [program(command[0]), *command[1:]], stdin=slave, stdout=slave, stderr=slave
        )
        os.close(slave)

    def type(self, line):
        os.write(self.master, line.encode() + b"\n")

    def see(self, end):
        """Everything up to END, as it appears on the screen."""
        return read_until(self.master, end.encode()).decode().replace("\r\n", "\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(TIME_LIMIT)
        os.close(self.master)
