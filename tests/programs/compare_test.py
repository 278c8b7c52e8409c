# SPDX-License-Identifier: Apache-2.0
"""What the shim and strace see of the same run is paired to the last call: nothing is unexplained,
and each thread's own bytes stand beside themselves."""

import collections
import contextlib
import json
import re
import shutil
import socket
import subprocess
import sys
import unittest

from harness import BUILD, ROOT, TIME_LIMIT_S, WIRESEAM, ProgramTest, command_of, run
from same_lines import strace_is_usable

ECHO = """
import socket, threading
server = socket.create_server(("127.0.0.1", 0))
def serve():
    peer, _ = server.accept()
    while data := peer.recv(100):
        peer.sendall(data.upper())
thread = threading.Thread(target=serve)
thread.start()
client = socket.create_connection(server.getsockname())
for i in range(20):
    client.sendall(b"message %d" % i)
    client.recv(100)
client.close()
thread.join()
"""


class Comparison:
    """The lines of `wireseam compare --json`."""

    def __init__(self, file):
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        self.rows = [line for line in lines if line["type"] == "pair"]
        self.totals = lines[-1]

    def unexplained(self):
        return [row for row in self.rows if row["verdict"] == "unexplained"]

    def libc_names(self):
        return {row["libc"]["name"] for row in self.rows if "libc" in row}

    def differences(self, name):
        return collections.Counter(
            row["difference"] for row in self.rows if row.get("libc", {}).get("name") == name)


@unittest.skipUnless(strace_is_usable(), "no strace 6.1 that may trace")
class ComparedPrograms(ProgramTest):
    def compare(self, name, *arguments, status=None, options=()):
        file = self.new_folder() / "comparison"
        command = [WIRESEAM, "compare", "--json", *options, "-o", file, *command_of(name, arguments)]
        outcome = run(command, self.new_folder())
        comparison = Comparison(file)
        self.assertEqual(comparison.unexplained()[:3], [])
        self.assertEqual(outcome.status, 0, outcome.stderr)
        if status is None:
            self.assertNotIn("the program exited", outcome.stderr)
        else:
            self.assertIn(f"the program {status}", outcome.stderr)
        return comparison

    def test_every_call(self):
        table = (ROOT / "tracer/trace/calls.def").read_text()
        names = set(re.findall(r"^(?:CALL|SPECIAL)\(\d+, (\w+)", table, re.MULTILINE))
        self.assertGreater(len(names), 60)
        self.assertEqual(self.compare("every_call").libc_names(), names)

    def test_every_kind_of_socket_and_message(self):
        for name in ("socket_kinds", "message_kinds", "message_flags", "large_messages"):
            self.assertGreater(self.compare(name).totals["pairs"], 40)

    def test_calls_that_a_signal_has_interrupted(self):
        rows = self.compare("interrupted").rows
        received = [row for row in rows if row.get("libc", {}).get("name") == "recv"]
        words = {row["difference"].split("; ")[-1]: len(row["syscalls"]) for row in received}
        self.assertEqual(words, {"interrupted by a signal": 1, "interrupted and restarted": 2})

    def test_calls_nested_in_signal_handlers(self):
        self.assertGreater(self.compare("nested", "counts", 300).totals["pairs"], 300)

    def test_calls_that_were_cancelled_or_left(self):
        words = str(self.compare("cancel").rows)
        self.assertIn("its thread ended, or left it", words)
        self.compare("left_calls")

    def test_a_program_killed_in_the_middle(self):
        self.compare("death", "counts", "sigkill", 50, status="exited with 9")

    def test_children_of_fork_vfork_and_spawn(self):
        self.compare("fork_io", 20, 50)
        self.compare("vfork", 20)
        self.compare("exec", "posix_spawn", "same", status="exited with 5")

    def test_a_thousand_concurrent_threads(self):
        comparison = self.compare("blocked_threads", 1000)
        self.assertGreater(len({row["tid"] for row in comparison.rows}), 1000)
        self.compare("threads", 64, 100)

    def test_stdio_on_a_socket_is_inside_libc(self):
        comparison = self.compare("stdio_socket")
        self.assertGreater(comparison.totals["inside_libc"], 4)
        self.assertEqual(comparison.differences("freopen"), {"inside libc: freopen": 1})

    def test_an_echo_in_python(self):
        comparison = self.compare(sys.executable, "-c", ECHO, options=["--api"])
        self.assertEqual(comparison.differences("send"), {"send is sendto without an address": 40})
        called = {row["operation"]["called"] for row in comparison.rows if "operation" in row}
        self.assertLessEqual({"socket.accept", "socket.sendall", "socket.recv"}, called)


@unittest.skipUnless(strace_is_usable(), "no strace 6.1 that may trace")
class ComparedServers(ProgramTest):
    @contextlib.contextmanager
    def comparing(self, *command):
        """The process, and where its comparison will be."""
        file = self.new_folder() / "comparison"
        words = [WIRESEAM, "compare", "--json", "-o", file, *command]
        with subprocess.Popen([str(word) for word in words], cwd=self.new_folder(),
                              stdout=subprocess.PIPE, text=True) as process:
            yield process, file
            self.assertEqual(process.wait(TIME_LIMIT_S), 0)
        self.assertEqual(Comparison(file).unexplained()[:3], [])

    def test_the_samples(self):
        for address in ("tcp:127.0.0.1:0", "tcp:[::1]:0", "unix:@wireseam-compare"):
            with self.comparing(BUILD / "bin/echo-server", address, "--one-client") as server:
                listening = server[0].stdout.readline().split()[-1]
                words = [BUILD / "bin/echo-client", listening, "hello", "world"]
                with self.comparing(*words) as client:
                    self.assertIn("HELLO", client[0].stdout.read())

    def test_curl(self):
        if shutil.which("curl") is None:
            self.skipTest("no curl")
        with socket.create_server(("127.0.0.1", 0)) as server:
            url = f"http://127.0.0.1:{server.getsockname()[1]}/"
            with self.comparing("curl", "-s", url) as (process, _):
                peer, _ = server.accept()
                with peer:
                    peer.recv(4096)
                    peer.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello")
                self.assertEqual(process.stdout.read(), "hello")

    def test_redis_under_its_benchmark(self):
        if shutil.which("redis-server") is None or shutil.which("redis-benchmark") is None:
            self.skipTest("no redis")
        path = self.new_folder() / "redis"
        command = ["redis-server", "--port", "0", "--unixsocket", path, "--save", ""]
        with self.comparing(*command) as (process, _):
            for line in process.stdout:
                if "ready to accept" in line.lower() or "unix socket" in line.lower():
                    break
            subprocess.run(["redis-benchmark", "-s", path, "-n", "300", "-c", "5", "-t", "set,get",
                            "-q"], check=True, stdout=subprocess.DEVNULL, timeout=TIME_LIMIT_S)
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(path))
                client.sendall(b"SHUTDOWN NOSAVE\r\n")
            process.stdout.read()


if __name__ == "__main__":
    unittest.main()
