# SPDX-License-Identifier: Apache-2.0
"""A recording has the packets of programs whose calls can't be seen, and of nobody else."""

import socket
import subprocess
import unittest

from recording import inspected, meta, tcp_packets
from tracing import TIME_LIMIT, WIRESEAM, TestCase, may_capture, run

# "server": listens, prints its port and answers one client. Else: the port of a server to whom it
# says hello. It holds its connection until its input ends.
TALKS = r"""
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
int main(int argc, char** argv) {
  char bytes[8];
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof name;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  name.sin_port = htons(atoi(argv[1]));
  if (name.sin_port == 0) {
    bind(fd, (struct sockaddr*)&name, size);
    listen(fd, 1);
    getsockname(fd, (struct sockaddr*)&name, &size);
    printf("%d\n", ntohs(name.sin_port));
    fflush(stdout);
    fd = accept(fd, 0, 0);
  } else if (connect(fd, (struct sockaddr*)&name, size) != 0) {
    return 1;
  }
  write(fd, "hello", 5);
  return read(fd, bytes, 8) != 5 || read(0, bytes, 8) != 0;
}
"""


def talk(connection):
    connection.sendall(b"hello")
    connection.recv(8)


@unittest.skipUnless(may_capture(), "needs the right to capture")
class UnseenSocketsTest(TestCase):
    def setUp(self):
        self.folder = self.temporary_folder() / "recording"
        self.program = self.compiled(TALKS, "-static")

    def start(self, *command):
        recorder = subprocess.Popen(
            (WIRESEAM, "record", "-o", str(self.folder), "--", *command), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(recorder.communicate)
        return recorder

    def talk_of_others(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            with socket.create_connection(listener.getsockname()) as client:
                client.sendall(b"secret")
                listener.accept()[0].close()

    def wait_until_found(self):
        """It is told in the file of calls, which grows."""
        found = ""
        while "its calls are not seen" not in found:
            found = run(WIRESEAM, "export", str(self.folder / "calls.wst")).stdout.decode()

    def check(self, recorder, ports):
        self.talk_of_others()
        self.wait_until_found()
        _, errors = recorder.communicate(timeout=TIME_LIMIT)
        self.assertEqual(recorder.returncode, 0, errors)
        packets = tcp_packets(self.folder)
        self.assertEqual({(source, target) for source, target, *_ in packets},
                         {ports, ports[::-1]})
        self.assertEqual(sorted(payload for *_, payload in packets if payload),
                         [b"hello", b"hello"])
        self.assertIn("may be missing", errors.decode())
        self.assertTrue(any(line.startswith("packets: of programs whose calls are not seen")
                            for line in meta(self.folder)["missing"]))
        self.assertFalse([line for line in inspected(self.folder)
                          if line["type"] == "conversation"])

    def record_client(self, *command):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            recorder = self.start(*command, str(port))
            connection, peer = listener.accept()
            with connection:
                talk(connection)
                self.check(recorder, (port, peer[1]))

    def test_of_a_client(self):
        self.record_client(self.program)

    def test_of_a_client_that_a_shell_starts(self):
        self.record_client("sh", "-c", '"$0" "$1"; exit $?', self.program)

    def test_of_a_server(self):
        recorder = self.start(self.program, "0")
        port = int(recorder.stdout.readline())
        with socket.create_connection(("127.0.0.1", port)) as connection:
            talk(connection)
            self.check(recorder, (port, connection.getsockname()[1]))


if __name__ == "__main__":
    unittest.main()
