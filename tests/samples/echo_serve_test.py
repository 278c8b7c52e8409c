# SPDX-License-Identifier: Apache-2.0
"""What every way of serving many clients has to stand."""

import contextlib
import os
import resource
import socket
import time
import unittest

import tutorial
from peers import TIME_LIMIT, Server, TestCase, recv_exactly, reset

WAYS = ("sequential", "threads", "fork", "epoll")


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return file.read().split()


class ServeTest(TestCase):
    @contextlib.contextmanager
    def serving(self, way):
        command = ("echo-server", "--serve", way, "tcp:127.0.0.1:0")
        with self.subTest(way), Server(*command) as server:
            yield server

    def assert_serves(self, server):
        self.assertEqual(tutorial.echo_client(server.address, ["hello"]), ["HELLO"])

    def assert_idle(self, server):
        # A busy loop would take all of this time, or half of it on a loaded machine.
        before = cpu_seconds(server.pid)
        time.sleep(0.5)
        self.assertLess(cpu_seconds(server.pid) - before, 0.1)

    def test_serves_one_client_after_the_other(self):
        for way in WAYS:
            with self.serving(way) as server:
                for _ in range(3):
                    self.assert_serves(server)

    def test_serves_a_client_while_another_is_silent(self):
        for way in WAYS[1:]:
            with self.serving(way) as server:
                with server.connect():
                    self.assert_serves(server)

    def test_answers_what_came_before_a_half_close(self):
        for way in WAYS:
            with self.serving(way) as server:
                with server.connect() as client:
                    client.sendall(b"last words")
                    client.shutdown(socket.SHUT_WR)
                    self.assertEqual(recv_exactly(client, 10), b"LAST WORDS")
                    self.assertEqual(client.recv(1), b"")

    def test_outlives_a_client_that_resets(self):
        for way in WAYS:
            with self.serving(way) as server:
                client = server.connect()
                client.sendall(b"x")
                recv_exactly(client, 1)
                reset(client)
                self.assert_serves(server)
                self.assertRegex(
                    server.process.stderr.readline(),
                    rb"^echo-server: recv tcp:127.0.0.1:\d+: Connection reset by peer\n$",
                )

    def test_stops_with_clients_still_connected(self):
        for way in WAYS:
            with self.serving(way) as server:
                with server.connect() as client:
                    client.sendall(b"x")
                    recv_exactly(client, 1)
                    self.assertEqual(server.stop(), (0, "", ""))
                    self.assertEqual(client.recv(1), b"")

    def test_lets_a_client_wait_that_does_not_read_its_answers(self):
        for way in WAYS[1:]:
            with self.serving(way) as server:
                with server.connect() as greedy:
                    greedy.settimeout(0.5)
                    sent = 0
                    # Were the server to buffer without bound, it would take all of it.
                    with self.assertRaises(TimeoutError):
                        while sent < 256 << 20:
                            sent += greedy.send(b"x" * 65536)
                    self.assert_serves(server)
                    self.assert_idle(server)
                    greedy.settimeout(TIME_LIMIT)
                    self.assertTrue(recv_exactly(greedy, sent) == b"X" * sent)

    def test_reaps_the_processes_of_clients_that_ended(self):
        with Server("echo-server", "--serve", "fork", "tcp:127.0.0.1:0") as server:
            for _ in range(5):
                with server.connect() as client:
                    client.shutdown(socket.SHUT_WR)
                    self.assertEqual(client.recv(1), b"")
            deadline = time.monotonic() + TIME_LIMIT
            while children(server.pid) and time.monotonic() < deadline:
                time.sleep(0.01)
            self.assertEqual(children(server.pid), [])

    def test_outlives_a_lack_of_descriptors(self):
        for way in WAYS:
            with self.serving(way) as server:
                free = 2
                limit = len(server.descriptors()) + free
                resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (limit, limit))
                clients = [server.connect() for _ in range(free + 2)]
                self.assert_idle(server)
                for client in clients:
                    client.sendall(b"hello")
                for client in clients:
                    self.assertEqual(recv_exactly(client, 5), b"HELLO")
                    client.close()


if __name__ == "__main__":
    unittest.main()
