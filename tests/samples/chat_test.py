# SPDX-License-Identifier: Apache-2.0
"""chat, in turns and relayed, with pipes and with a terminal."""

import socket
import subprocess
import unittest

import tutorial
from peers import TIME_LIMIT, Server, TestCase, program, run
from terminal import Terminal


def chat_in_turns(connection):
    while True:
        message = connection.recv(1024)
        if not message:
            break
        connection.send(b"you said " + message)


class TurnsTest(TestCase):
    def test_a_python_client_gets_the_lines_of_stdin_as_replies(self):
        with Server("chat-server", "tcp:127.0.0.1:0", stdin=subprocess.PIPE) as server:
            server.process.stdin.write(b"hi\n\nfine\n")
            server.process.stdin.flush()
            answers = tutorial.echo_client(server.address, ["hello", "how are you?"])
            self.assertEqual(answers, ["hi", "fine"])
            for line in (b"hello\n", b"how are you?\n", b"disconnect!\n"):
                self.assertEqual(server.process.stdout.readline(), line)

    def test_the_server_outlives_a_client_that_resets(self):
        with Server("chat-server", "tcp:127.0.0.1:0", stdin=subprocess.PIPE) as server:
            server.connect().close()
            self.assertEqual(server.process.stdout.readline(), b"disconnect!\n")
            server.process.stdin.write(b"hi\n")
            server.process.stdin.flush()
            self.assertEqual(run("chat-client", server.name, "hello"), (0, "hi\n", ""))

    def test_a_client_that_says_exit_is_disconnected(self):
        with Server("chat-server", "tcp:127.0.0.1:0") as server, server.connect() as client:
            client.sendall(b"exit")
            self.assertEqual(client.recv(1), b"")
            self.assertEqual(server.process.stdout.readline(), b"disconnect!\n")

    def test_the_server_ends_with_its_stdin(self):
        with Server("chat-server", "tcp:127.0.0.1:0") as server, server.connect() as client:
            client.sendall(b"hello")
            self.assertEqual(client.recv(1), b"")
            self.assertEqual(
                server.wait(), (0, "hello\n", "chat-server: no reply: end of stdin\n")
            )

    def test_the_client_prints_the_replies_of_a_python_server_alone(self):
        with tutorial.OneClientServer(chat_in_turns) as server:
            done = run("chat-client", server.name, text="hello\n\nbye\nexit\nnever sent\n")
        self.assertEqual(done, (0, "you said hello\nyou said bye\n", ""))

    def test_the_client_fails_when_no_reply_comes(self):
        with tutorial.OneClientServer(lambda connection: connection.recv(1024)) as server:
            done = run("chat-client", server.name, "hello")
        error = f"chat-client: recv {server.name}: closed before it answered\n"
        self.assertEqual(done, (1, "", error))

    def test_people_at_terminals_see_prompts_and_take_turns(self):
        with Terminal("chat-server", "tcp:127.0.0.1:0") as server:
            name = server.see("\n").split()[-1]
            with Terminal("chat-client", name) as client:
                self.assertEqual(client.see("input:"), "input:")
                client.type("hello")
                self.assertEqual(server.see("server: "), "hello\nserver: ")
                server.type("hi")
                self.assertEqual(client.see("input:"), "hello\nhi\ninput:")
                client.type("exit")
                self.assertEqual(client.process.wait(TIME_LIMIT), 0)
            self.assertEqual(server.see("!"), "hi\ndisconnect!")

    def test_a_signal_ends_a_server_that_waits_at_its_prompt(self):
        with Terminal("chat-server", "tcp:127.0.0.1:0") as server:
            name = server.see("\n").split()[-1]
            with Terminal("chat-client", name) as client:
                client.type("hello")
                server.see("server: ")
                server.process.terminate()
                self.assertEqual(server.process.wait(TIME_LIMIT), 0)


class RelayTest(TestCase):
    def setUp(self):
        self.server = Server("chat-server", "--relay", "tcp:127.0.0.1:0")
        self.addCleanup(self.server.__exit__, None)
        self.joined = []

    def join(self, name):
        """A Python client; those who have joined before have heard of it when this returns."""
        client = self.server.connect()
        self.addCleanup(client.close)
        lines = client.makefile("rb")
        self.addCleanup(lines.close)
        client.sendall(f"/name {name}\n".encode())
        if self.joined:
            client.sendall(b"here\n")
        for others_lines in self.joined:
            self.assertEqual(others_lines.readline(), f"{name}: here\n".encode())
        self.joined.append(lines)
        return client, lines

    def test_a_line_goes_to_all_others_with_the_name_of_its_sender(self):
        alice, from_alice = self.join("alice")
        bob, from_bob = self.join("bob")
        _, from_carol = self.join("carol")
        alice.sendall(b"hello\n")
        self.assertEqual(from_bob.readline(), b"alice: hello\n")
        self.assertEqual(from_carol.readline(), b"alice: hello\n")
        bob.sendall(b"hi\n")
        self.assertEqual(from_alice.readline(), b"bob: hi\n")
        self.assertEqual(from_carol.readline(), b"bob: hi\n")

    def test_a_client_that_gives_no_name_is_called_by_its_address(self):
        _, from_alice = self.join("alice")
        with self.server.connect() as client:
            client.sendall(b"hello\n")
            host, port = client.getsockname()
            self.assertEqual(from_alice.readline(), f"{host}:{port}: hello\n".encode())

    def test_lines_are_put_together_from_pieces_and_taken_apart(self):
        (alice, _), (_, from_bob) = self.join("alice"), self.join("bob")
        alice.sendall(b"on")
        alice.sendall(b"e\ntwo\nla")
        alice.sendall(b"st")
        alice.shutdown(socket.SHUT_WR)
        received = [from_bob.readline() for _ in range(3)]
        self.assertEqual(received, [b"alice: one\n", b"alice: two\n", b"alice: last\n"])

    def test_escape_sequences_do_not_reach_the_terminals_of_others(self):
        (alice, _), (_, from_bob) = self.join("alice"), self.join("bob")
        alice.sendall(b"\x1b[2Jhello\n")
        self.assertEqual(from_bob.readline(), b"alice:  [2Jhello\n")

    def test_a_client_that_does_not_read_is_dropped_and_nobody_waits(self):
        (alice, _), (deaf, _), (_, from_bob) = map(self.join, ("alice", "deaf", "bob"))
        line = b"x" * 60000 + b"\n"
        for _ in range(500):
            alice.sendall(line)
            self.assertEqual(from_bob.readline(), b"alice: " + line)
        _, _, stderr = self.server.stop()
        port = deaf.getsockname()[1]
        dropped = f"chat-server: tcp:127.0.0.1:{port}: dropped, since it does not read\n"
        self.assertIn(dropped, stderr)

    def test_our_clients_talk_while_they_listen(self):
        command = [program("chat-client"), "--relay", "--name", "bob", self.server.name]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        alice, from_alice = self.join("alice")
        with subprocess.Popen(command, **pipes) as bob:
            bob.stdin.write(b"anyone?\n")
            bob.stdin.flush()
            self.assertEqual(from_alice.readline(), b"bob: anyone?\n")
            for line in (b"alice: me\n", b"alice: still me\n"):
                alice.sendall(line.removeprefix(b"alice: "))
                self.assertEqual(bob.stdout.readline(), line)
            bob.stdin.write(b"exit\n")
            bob.stdin.close()
            self.assertEqual(bob.wait(TIME_LIMIT), 0)

    def test_messages_on_the_command_line_are_all_that_is_said(self):
        _, from_alice = self.join("alice")
        done = run("chat-client", "--relay", "--name", "b", self.server.name, "1", "2")
        self.assertEqual(done, (0, "", ""))
        self.assertEqual([from_alice.readline(), from_alice.readline()], [b"b: 1\n", b"b: 2\n"])


if __name__ == "__main__":
    unittest.main()
