# SPDX-License-Identifier: Apache-2.0
"""Signals and the terminal are the program's while it runs."""

import os
import pty
import select
import signal
import subprocess
import time
import unittest

from tracing import HELLO, PYTHON, TIME_LIMIT, WIRESEAM, TestCase, python

# Says each signal that it gets (print isn't reentrant: one may come while it runs), and ends at SIGTERM with its own status.
SAYS_SIGNALS = """
import os, signal, sys, time
def say(number, frame):
    os.write(1, signal.Signals(number).name.encode() + b"\\n")
    if number == signal.SIGTERM:
        sys.exit(9)
for number in (signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGTERM, signal.SIGRTMIN):
    signal.signal(number, say)
print("ready", flush=True)
while True:
    time.sleep(0.05)  # pause() would not see what came just before
"""


# Says each SIGUSR1, and at SIGTERM how many there were.
COUNTS_SIGNALS = """
import os, signal
count = 0
signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGUSR1, signal.SIGTERM))
print("ready", flush=True)
while signal.sigwait((signal.SIGUSR1, signal.SIGTERM)) == signal.SIGUSR1:
    count += 1
    print("SIGUSR1", flush=True)
print(count, flush=True)
"""

# Python 3.11 runs no handler while it waits in input() for a signal that came just before.
SAYS_CONTINUED = """
import os, select, signal
signal.signal(signal.SIGCONT, lambda number, frame: os.write(1, b"continued\\n"))
print("ready", flush=True)
while not select.select([0], [], [], 0.05)[0]:
    pass
input()
"""


class Terminal:
    """A terminal with an interactive shell in it."""

    def __init__(self):
        self.text = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(PS1="$ ", TERM="dumb", HISTFILE="")
            os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGKILL)
        os.close(self.fd)
        os.waitpid(self.pid, 0)

    def type(self, text):
        os.write(self.fd, text.encode())

    def wait_for(self, text):
        """Everything up to and with `text`, which is then taken away."""
        limit = time.monotonic() + TIME_LIMIT
        while text.encode() not in self.text:
            if not select.select([self.fd], [], [], max(0, limit - time.monotonic()))[0]:
                raise AssertionError(f"no {text!r} in {self.text!r}")
            self.text += os.read(self.fd, 4096)
        seen, self.text = self.text.split(text.encode(), 1)
        return seen.decode(errors="replace") + text


class TerminalTest(TestCase):
    def setUp(self):
        self.script = self.temporary_folder() / "script.py"
        self.command = f"{WIRESEAM} trace -o {self.script}.trace {PYTHON} {self.script}\n"

    def stop(self, terminal):
        terminal.type("\x1a")
        terminal.wait_for("Stopped")
        terminal.wait_for("$ ")  # what is typed before it may be lost

    def start(self, terminal, code):
        self.script.write_text(code)
        terminal.type(self.command)
        terminal.wait_for("ready\r\n")

    def test_ctrl_c_goes_to_the_program_and_the_tracer_stays(self):
        with Terminal() as terminal:
            self.start(terminal, SAYS_SIGNALS)
            for _ in range(3):
                terminal.type("\x03")
                terminal.wait_for("SIGINT\r\n")
            terminal.type("\x1c")
            terminal.type("echo status $?\n")
            terminal.wait_for("status 131")

    def test_a_program_that_ctrl_c_ends_looks_ended_by_it(self):
        with Terminal() as terminal:
            self.start(terminal, "import signal\nsignal.signal(2, signal.SIG_DFL)\n"
                       "print('ready', flush=True)\nsignal.pause()")
            terminal.type("\x03")
            terminal.type("echo status $?\n")
            terminal.wait_for("status 130")
        self.assertIn("+++ killed by SIGINT +++", self.trace_text())

    def test_ctrl_z_stops_both_and_fg_continues_both(self):
        with Terminal() as terminal:
            self.start(terminal, SAYS_CONTINUED + HELLO)
            for _ in range(2):
                self.stop(terminal)
                terminal.type("fg\n")
                terminal.wait_for("continued\r\n")
            terminal.type("\necho status $?\n")
            terminal.wait_for("status 0")
        self.assertIn('"hello", 5, 0)', self.trace_text())

    def test_a_stopped_job_continues_in_the_background(self):
        with Terminal() as terminal:
            self.start(terminal, SAYS_SIGNALS)
            self.stop(terminal)
            terminal.type("bg; kill -USR1 %1\n")
            terminal.wait_for("SIGUSR1\r\n")
            terminal.type("kill %1; wait %1; echo status $?\n")
            terminal.wait_for("status 9")

    def test_the_program_reads_from_the_terminal_and_knows_its_size(self):
        with Terminal() as terminal:
            self.start(terminal, "import os\nprint('ready', flush=True)\n"
                       "print(input(), os.isatty(0), os.tcgetpgrp(0) == os.getpgrp())")
            terminal.type("typed\n")
            terminal.wait_for("typed True True")

    def trace_text(self):
        with open(f"{self.script}.trace", encoding="utf-8") as file:
            return file.read()


class ForwardingTest(TestCase):
    def started(self, code, **options):
        process = subprocess.Popen(
            [WIRESEAM, "trace", "-o", "/dev/null", *python(code)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
        self.addCleanup(process.communicate, timeout=TIME_LIMIT)
        self.addCleanup(process.kill)
        self.assertEqual(process.stdout.readline(), b"ready\n")
        return process

    def test_what_is_sent_to_the_tracer_reaches_the_program(self):
        process = self.started(SAYS_SIGNALS)
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGRTMIN,
                       signal.SIGTERM):
            process.send_signal(number)
            self.assertEqual(process.stdout.readline().decode().strip(), signal.Signals(number).name)
        self.assertEqual(process.wait(TIME_LIMIT), 9)

    def test_a_program_that_its_alarm_ends_ends_the_tracer_so(self):
        process = self.started("import signal\nprint('ready', flush=True)\nsignal.pause()")
        process.send_signal(signal.SIGALRM)
        self.assertEqual(process.wait(TIME_LIMIT), -signal.SIGALRM)

    def test_what_is_sent_to_the_whole_group_reaches_the_program_once(self):
        process = self.started(COUNTS_SIGNALS, start_new_session=True)
        for _ in range(5):
            os.killpg(process.pid, signal.SIGUSR1)
            self.assertEqual(process.stdout.readline(), b"SIGUSR1\n")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.stdout.readline(), b"5\n")

    def test_a_program_that_is_stopped_alone_leaves_the_tracer_running(self):
        process = self.started("print('ready', flush=True)\ninput()", stdin=subprocess.PIPE)
        with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="ascii") as file:
            program = int(file.read().split()[0])
        os.kill(program, signal.SIGSTOP)
        os.kill(program, signal.SIGCONT)
        process.communicate(b"\n", timeout=TIME_LIMIT)
        self.assertEqual(process.returncode, 0)


class DescendantTest(TestCase):
    LEAVES_A_CHILD = """
import os, socket, sys
read_end, write_end = os.pipe()
if os.fork() == 0:
    os.setsid()
    os.read(0, 1)
    a, b = socket.socketpair()
    a.send(b"late")
    os._exit(0)
print("ended", flush=True)
sys.exit(4)
"""

    def test_the_trace_goes_on_until_all_descendants_have_ended(self):
        process = subprocess.Popen(
            [WIRESEAM, "trace", *python(self.LEAVES_A_CHILD)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(process.stdout.readline(), b"ended\n")
        _, trace = process.communicate(b"\n", timeout=TIME_LIMIT)
        self.assertIn(b'"late", 4, 0)', trace)
        self.assertEqual(process.returncode, 4)

    def test_the_second_interrupt_ends_the_trace_but_not_them(self):
        process = subprocess.Popen(
            [WIRESEAM, "trace", *python(self.LEAVES_A_CHILD)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(process.stdout.readline(), b"ended\n")
        while b"+++ exited with 4 +++" not in (line := process.stderr.readline()):
            self.assertTrue(line)
        process.send_signal(signal.SIGINT)
        while b"once more ends the trace" not in (line := process.stderr.readline()):
            self.assertTrue(line)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(TIME_LIMIT), 4)
        process.communicate(b"\n", timeout=TIME_LIMIT)


class DetachedTest(TestCase):
    def test_the_program_is_the_caller_s_child_and_is_traced(self):
        file = self.temporary_folder() / "trace"
        code = "import os\nprint(os.getpid(), os.getppid(), flush=True)\n" + HELLO + "os._exit(6)"
        process = subprocess.Popen([WIRESEAM, "trace", "-D", "-o", f"|cat >{file}; echo traced",
                                    *python(code)], stdout=subprocess.PIPE)
        output, _ = process.communicate(timeout=TIME_LIMIT)
        self.assertEqual(process.returncode, 6)
        self.assertEqual(output.decode(), f"{process.pid} {os.getpid()}\ntraced\n")
        self.assertIn('"hello", 5, 0)', file.read_text())


if __name__ == "__main__":
    unittest.main()
