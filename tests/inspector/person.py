# SPDX-License-Identifier: Apache-2.0
"""Somebody who sits at a terminal and looks at its screen."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time

import inspecting

TIME_LIMIT_S = 30


class Person:
    """Runs a command with a terminal of its own, of which the screen can be read."""

    def __init__(self, *command, rows=24, columns=80, **variables):
        self.master, self.slave = pty.openpty()
        self.seen = b""
        self.resize(rows, columns, tell=False)
        self.before = termios.tcgetattr(self.slave)
        environment = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **variables}
        self.process = subprocess.Popen(
            command, stdin=self.slave, stdout=self.slave, stderr=self.slave, env=environment,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(TIME_LIMIT_S)
        os.close(self.master)
        os.close(self.slave)

    def resize(self, rows, columns, tell=True):
        self.rows, self.columns = rows, columns
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))
        if tell:
            self.seen = b""
            self.process.send_signal(signal.SIGWINCH)

    def press(self, keys):
        os.write(self.master, keys.encode())

    def read(self, wait_s=0.0):
        """Whether something came."""
        if not select.select([self.master], [], [], wait_s)[0]:
            return False
        self.seen += os.read(self.master, 65536)
        return True

    def screen(self):
        while self.read():
            pass
        return subprocess.run(
            [inspecting.TESTS / "terminal_screen", str(self.rows), str(self.columns)],
            check=True, input=self.seen, stdout=subprocess.PIPE, timeout=TIME_LIMIT_S,
        ).stdout.decode()

    def wait_for(self, *texts):
        """The screen as soon as it shows them all."""
        limit = time.monotonic() + TIME_LIMIT_S
        while True:
            screen = self.screen()
            if all(text in screen for text in texts):
                return screen
            if not self.read(max(0, limit - time.monotonic())):
                raise AssertionError(f"no {texts!r} on the screen:\n{screen}")

    def wait_for_end(self):
        """The exit status; what it wrote is read meanwhile."""
        limit = time.monotonic() + TIME_LIMIT_S
        while self.process.poll() is None and time.monotonic() < limit:
            self.read(0.05)
        self.screen()
        return self.process.wait(0)

    def settings(self):
        return termios.tcgetattr(self.slave)

    def terminal_is_as_before(self):
        left = self.seen.rfind(b"\x1b[?1049l")
        return (self.settings() == self.before
                and left > self.seen.rfind(b"\x1b[?1049h"))
