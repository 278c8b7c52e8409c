# SPDX-License-Identifier: Apache-2.0
"""The samples and other programs that do one thing after another: traced by wireseam they show what
strace shows."""

import difflib
import os
import shutil
import subprocess
import sys
import unittest

from harness import BUILD, TIME_LIMIT_S, ProgramTest
from same_lines import CALLS, STRACE, WIRESEAM, comparable, strace_is_usable

PYTHON = os.path.realpath(sys.executable)
CLIENT_AND_SERVER = """
import socket
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
peer, _ = server.accept()
client.sendall(b"hello\\n\\0\\377" * 20)
peer.recv(4096)
client.setblocking(False)
try: client.recv(1)
except BlockingIOError: pass
client.shutdown(socket.SHUT_WR)
peer.recv(1)
for each in client, peer, server: each.close()
one, two = socket.socketpair()
other = one.dup()
socket.send_fds(one, [b"x"], [0])
socket.recv_fds(two, 10, 4)
udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
udp.bind(("::1", 0))
udp.sendto(b"datagram", udp.getsockname())
udp.recvfrom(4)
udp.close()
"""


@unittest.skipUnless(strace_is_usable(), "no strace 6.1 that may trace")
class SameAsStrace(ProgramTest):
    maxDiff = None

    def command(self, tracer, file, *words):
        selected = "trace=" + ",".join(CALLS)
        return [*tracer, "-f", "-yy", "-o", str(file), "-e", selected, *map(str, words)]

    def check_same(self, trace):
        """`trace(tracer)` gives the text of the traces."""
        strace, ours = (
            [comparable(text) for text in trace(tracer)] for tracer in (STRACE, WIRESEAM)
        )
        for expected, lines in zip(strace, ours, strict=True):
            self.assertGreater(len(expected), 5)
            difference = difflib.unified_diff(expected, lines, "strace", "wireseam", n=0)
            self.assertEqual("\n".join(difference), "")

    def converse(self, tracer, server, client):
        """A sample server that ends with its client, each traced."""
        folder = self.new_folder()
        traces = [folder / "server", folder / "client"]
        program = BUILD / "bin" / server[0]
        with subprocess.Popen(self.command(tracer, traces[0], program, *server[1:]), text=True,
                              stdout=subprocess.PIPE) as process:
            address = process.stdout.readline().split()[-1]
            words = [BUILD / "bin" / client[0], address, *client[1:]]
            subprocess.run(self.command(tracer, traces[1], *words), check=True, cwd=folder,
                           stdout=subprocess.DEVNULL, timeout=TIME_LIMIT_S)
            process.wait(TIME_LIMIT_S)
        return [trace.read_text() for trace in traces]

    def trace_of(self, tracer, *words):
        file = self.new_folder() / "trace"
        subprocess.run(self.command(tracer, file, *words), check=True, stdout=subprocess.DEVNULL,
                       timeout=TIME_LIMIT_S)
        return file.read_text()

    def check_conversation(self, server, client):
        self.check_same(lambda tracer: self.converse(tracer, server, client))

    def test_echo_over_tcp(self):
        self.check_conversation(["echo-server", "tcp:127.0.0.1:0", "--one-client"],
                                ["echo-client", "hello", "world"])

    def test_echo_over_ipv6(self):
        self.check_conversation(["echo-server", "tcp:[::1]:0", "--one-client"],
                                ["echo-client", "hello"])

    def test_echo_over_udp(self):
        self.check_conversation(["echo-server", "udp:127.0.0.1:0", "--once"],
                                ["echo-client", "hello"])

    def test_echo_over_an_abstract_unix_socket(self):
        self.check_conversation(["echo-server", f"unix:@wireseam-{os.getpid()}", "--one-client"],
                                ["echo-client", "hello"])

    def check_client(self, server, client, typed=""):
        """The client alone: this server ends by a signal only, and where that meets it is
        chance."""
        with subprocess.Popen([BUILD / "bin" / server, "tcp:127.0.0.1:0"], text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            self.addCleanup(process.terminate)
            process.stdin.write(typed)
            process.stdin.flush()
            words = [BUILD / "bin" / client[0], process.stdout.readline().split()[-1], *client[1:]]
            self.check_same(lambda tracer: [self.trace_of(tracer, *words)])
            process.terminate()

    def test_chat(self):
        # An answer for each of the two runs.
        self.check_client("chat-server", ["chat-client", "hello", "exit"], "answer\nanswer\n")

    def test_exec(self):
        self.check_client("exec-server", ["exec-client", "echo hello"])

    @unittest.skipUnless(shutil.which("ip"), "no ip(8)")
    def test_netlink(self):
        for words in ["rule"], ["route", "get", "127.0.0.1"]:
            with self.subTest(words):
                self.check_same(lambda tracer, words=words: [self.trace_of(tracer, "ip", *words)])

    def test_python(self):
        self.check_same(lambda tracer: [self.trace_of(tracer, PYTHON, "-c", CLIENT_AND_SERVER)])


if __name__ == "__main__":
    unittest.main()
