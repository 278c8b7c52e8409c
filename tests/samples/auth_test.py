# SPDX-License-Identifier: Apache-2.0
"""Nothing is said before both ends have shown that they know the key."""

import contextlib
import hashlib
import hmac
import os
import socket
import unittest

import tutorial
from peers import Server, TestCase, recv_exactly, run

KEY = b"a key\nof any bytes\x00\xff\n"

SERVERS = (
    ("echo-server", "--serve", "sequential"),
    ("echo-server", "--serve", "threads"),
    ("echo-server", "--serve", "fork"),
    ("echo-server", "--serve", "epoll"),
    ("chat-server",),
    ("chat-server", "--relay"),
    ("exec-server",),
)


def proof_of(key, challenge):
    return hmac.new(key, challenge, hashlib.sha256).digest()


class AuthTest(TestCase):
    def commands(self, servers=SERVERS):
        key_file = self.temporary_file(KEY)
        return [(*server, "--auth-key-file", key_file, "tcp:127.0.0.1:0") for server in servers]

    @contextlib.contextmanager
    def serving(self, command):
        with self.subTest(command=command), Server(*command) as server:
            yield server

    def assert_reported(self, server, reason):
        status, stdout, stderr = server.stop()
        name = stderr.split(":")[0]
        self.assertIn(name, ("echo-server", "chat-server", "exec-server"))
        self.assertRegex(stderr, rf"^{name}: authentication tcp:127.0.0.1:\d+: {reason}\n$")
        self.assertEqual((status, stdout), (0, ""))

    def test_a_python_client_with_the_key_is_served(self):
        for command in self.commands(SERVERS[:4]):
            with self.serving(command) as server:
                with server.connect() as client:
                    client.sendall(proof_of(KEY, recv_exactly(client, 32)))
                    client.sendall(b"hello")
                    self.assertEqual(recv_exactly(client, 5), b"HELLO")

    def test_the_challenge_is_another_one_each_time(self):
        for command in self.commands():
            with self.serving(command) as server:
                with server.connect() as client:
                    first = recv_exactly(client, 32)
                with server.connect() as client:
                    self.assertNotEqual(first, recv_exactly(client, 32))

    def test_a_wrong_proof_closes_the_connection_and_is_reported(self):
        for command in self.commands():
            with self.serving(command) as server:
                with server.connect() as client:
                    client.sendall(proof_of(b"another key", recv_exactly(client, 32)))
                    self.assertEqual(client.recv(1), b"")
                self.assert_reported(server, "wrong key")

    def test_a_client_that_closes_instead_is_reported(self):
        for command in self.commands():
            with self.serving(command) as server:
                with server.connect() as client:
                    recv_exactly(client, 32)
                    client.shutdown(socket.SHUT_WR)
                    self.assertEqual(client.recv(1), b"")
                self.assert_reported(server, "closed")

    def test_a_missing_proof_closes_the_connection_after_a_time(self):
        with contextlib.ExitStack() as stack:
            servers = [stack.enter_context(Server(*command)) for command in self.commands()]
            clients = [stack.enter_context(server.connect()) for server in servers]
            for client in clients:
                recv_exactly(client, 32)
                client.sendall(b"not 32 bytes")
            for server, client in zip(servers, clients):
                self.assertEqual(client.recv(1), b"")
                self.assert_reported(server, "nothing within 5 s")

    def test_our_client_proves_itself_to_a_python_server(self):
        proofs = []

        def serve(connection):
            connection.sendall(bytes(range(32)))
            proofs.append(recv_exactly(connection, 32))
            tutorial.echo(connection)

        with tutorial.OneClientServer(serve) as server:
            key_file = self.temporary_file(KEY)
            done = run("echo-client", "--auth-key-file", key_file, server.name, "hello")
        self.assertEqual(done, (0, "HELLO\n", ""))
        self.assertEqual(proofs, [proof_of(KEY, bytes(range(32)))])

    def test_our_client_with_a_wrong_key_fails(self):
        wrong = self.temporary_file(b"another key")
        for command in self.commands():
            with self.serving(command) as server:
                client = os.path.basename(server.process.args[0]).replace("server", "client")
                status, stdout, _ = run(client, "--auth-key-file", wrong, server.name, "hello")
                self.assertEqual((status, stdout), (1, ""))

    def test_lines_are_relayed_to_authenticated_clients_only(self):
        key_file = self.temporary_file(KEY)
        command = ("chat-server", "--relay", "--auth-key-file", key_file, "tcp:127.0.0.1:0")
        with Server(*command) as server, server.connect() as stranger:
            recv_exactly(stranger, 32)
            run("chat-client", "--relay", "--auth-key-file", key_file, server.name, "secret")
            stranger.shutdown(socket.SHUT_WR)
            self.assertEqual(stranger.recv(100), b"")

    def test_a_key_file_that_cannot_be_read_or_is_empty_is_an_error(self):
        empty = self.temporary_file(b"")
        programs = [f"{sample}-{end}" for sample in ("echo", "chat", "exec") for end in ("server", "client")]
        for name in programs:
            done = run(name, "--auth-key-file", empty, "unix:@x")
            self.assertEqual(done, (1, "", f"{name}: cannot read key '{empty}': it is empty\n"))
            missing = run(name, "--auth-key-file", "/nowhere", "unix:@x")
            error = f"{name}: cannot read key '/nowhere': No such file or directory\n"
            self.assertEqual(missing, (1, "", error))


if __name__ == "__main__":
    unittest.main()
