# SPDX-License-Identifier: Apache-2.0
"""`wireseam trace --via strace` sees what strace sees, and `wireseam export` reads what strace -ff
leaves."""

import glob
import json
import os
import signal
import subprocess
import tempfile
import unittest

from tracing import HELLO, WIRESEAM, TestCase, python, run, trace

PAIR_IN_C = """
#include <sys/socket.h>
int main() {
  int pair[2];
  char buffer[9];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return 1;
  if (send(pair[0], "hello", 5, 0) != 5) return 2;
  return recv(pair[1], buffer, 9, 0) == 5 ? 7 : 3;
}
"""
THREADS_AND_A_CHILD = """
import os, socket, threading
a, b = socket.socketpair()
if os.fork() == 0:
    b.send(b"child")
    os._exit(0)
os.wait()
thread = threading.Thread(target=lambda: a.recv(9))
thread.start()
thread.join()
"""


def strace_may_trace():
    try:
        return run("strace", "-o", "/dev/null", "true").returncode == 0
    except FileNotFoundError:
        return False


def events(text):
    return [json.loads(line) for line in text.splitlines()]


def calls_of(text):
    """The calls that moved bytes, with what they returned."""
    return [(event["call"], event["result"]) for event in events(text)
            if event.get("call", "").startswith(("send", "recv"))]


@unittest.skipUnless(strace_may_trace(), "no strace that may trace")
class ViaStrace(TestCase):
    def test_the_signal_that_ended_a_process_is_told(self):
        code = "import os\nif os.fork() == 0: os.kill(os.getpid(), 11)\nos.wait()"
        result = trace("--via", "strace", *python(code))
        self.assertIn(b"+++ killed by SIGSEGV", result.stderr)

    def test_a_static_program_is_seen(self):
        result = trace("--via", "strace", "--json", self.compiled(PAIR_IN_C, "-static"))
        self.assertEqual(result.returncode, 7)
        self.assertEqual(calls_of(result.stderr), [("sendto", 5), ("recvfrom", 5)])

    def test_the_program_ends_as_it_would(self):
        for status in (0, 77):
            result = trace("--via", "strace", "sh", "-c", f"exit {status}")
            self.assertEqual(result.returncode, status)
        result = trace("--via", "strace", "sh", "-c", "kill -9 $$")
        self.assertEqual(result.returncode, -signal.SIGKILL)

    def test_no_file_and_no_descriptor_is_left_behind(self):
        folder = self.temporary_folder()
        listing = python("import os; print(sorted(os.listdir('/proc/self/fd')))")
        result = trace("--via", "strace", *listing, env={**os.environ, "TMPDIR": str(folder)})
        self.assertEqual(result.stdout, run(*listing).stdout)
        self.assertEqual(list(folder.iterdir()), [])

    def test_a_trace_that_was_kept_is_that_which_is_printed(self):
        kept = self.temporary_folder() / "kept.wst"
        printed = trace("--via", "strace", "--json", "--save", kept, *python(HELLO)).stderr
        exported = run(WIRESEAM, "export", "--to", "json", kept).stdout
        self.assertEqual(calls_of(exported), [("sendto", 5), ("recvfrom", 5)])
        self.assertEqual(calls_of(exported), calls_of(printed))

    def test_without_strace_its_package_is_named(self):
        result = trace("--via", "strace", "/bin/true", env={**os.environ, "PATH": "/nowhere"})
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"Install the package strace", result.stderr)

    def test_the_files_of_each_thread_are_one_trace(self):
        with tempfile.TemporaryDirectory() as folder:
            command = ["strace", "-ff", "-ttt", "-o", f"{folder}/log", *python(THREADS_AND_A_CHILD)]
            subprocess.run(command, check=True, timeout=30)
            files = glob.glob(f"{folder}/log.*")
            self.assertEqual(len(files), 3)
            text = run(WIRESEAM, "export", "--to", "json", *files).stdout
        self.assertEqual(calls_of(text), [("sendto", 5), ("recvfrom", 5)])
        begun = [event["cause"] for event in events(text) if event["event"] == "process"]
        self.assertEqual(begun, ["start", "fork"])


if __name__ == "__main__":
    unittest.main()
