# SPDX-License-Identifier: Apache-2.0
"""socat at both ends, over TCP, UNIX sockets and UDP."""

import re
import subprocess
import unittest

from real import RealTest, find

LISTENING = re.compile(r"listening on .*AF=\d (.*)\n")


class Socat(RealTest):
    def start_server(self, run, listen, command):
        """The server, and the address where it is to be found."""
        server = run.start(find("socat"), "-d", "-d", listen, command)
        while not (said := LISTENING.search(line := server.stderr.readline())):
            self.assertNotEqual(line, "", "socat did not start")
        return server, said[1].strip('"')

    def exchange(self, run, listen, connect):
        server, address = self.start_server(run, listen, "EXEC:tr a-z A-Z")
        client = run.run(find("socat"), "-t", "60", "-", connect + address, sent="text\n" * 100)
        # What it says on its standard error tells times and pids.
        return client, run.finish(server).status

    def test_over_tcp(self):
        self.check_same(lambda run: self.exchange(run, "TCP-LISTEN:0,bind=127.0.0.1", "TCP:"),
                        "socket", "accept", "connect", "shutdown", "read", "write")

    def test_over_a_unix_socket(self):
        self.check_same(
            lambda run: self.exchange(run, f"UNIX-LISTEN:{run.folder}/socket", "UNIX-CONNECT:"),
            "socketpair", "accept", "connect", "read", "write")

    def datagrams(self, run):
        server, address = self.start_server(run, "UDP-LISTEN:0,bind=127.0.0.1", "EXEC:cat")
        client = run.start(find("socat"), "-t", "0", "-", "UDP:" + address, stdin=subprocess.PIPE)
        client.stdin.write("a datagram\n")
        client.stdin.flush()
        answer = client.stdout.readline()
        outcome = run.finish(client)
        # Nobody tells it that no more will come.
        server.terminate()
        return answer, outcome, run.finish(server).status

    def test_over_udp(self):
        self.check_same(self.datagrams, "recvfrom", "connect", "read", "write")


if __name__ == "__main__":
    unittest.main(verbosity=2)
