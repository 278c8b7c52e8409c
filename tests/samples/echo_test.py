# SPDX-License-Identifier: Apache-2.0
"""echo over streams, between our programs and Python peers as tutorials have them."""

import unittest

import tutorial
from peers import Server, TestCase, recv_exactly, run


class EchoServerTest(TestCase):
    def test_answers_a_python_client_in_upper_case(self):
        with Server("echo-server", "tcp:127.0.0.1:0") as server:
            answers = tutorial.echo_client(server.address, ["hello", "it's 5 o'clock"])
            self.assertEqual(answers, ["HELLO", "IT'S 5 O'CLOCK"])

    def test_leaves_bytes_that_are_not_ascii_letters_as_they_are(self):
        message = bytes(range(256))
        with Server("echo-server", "tcp:127.0.0.1:0") as server, server.connect() as client:
            client.sendall(message)
            self.assertEqual(recv_exactly(client, 256), message.upper())

    def test_once_serves_one_message_and_ends(self):
        with Server("echo-server", "--once", "tcp:127.0.0.1:0") as server:
            with server.connect() as client:
                client.sendall(b"hello")
                self.assertEqual(recv_exactly(client, 5), b"HELLO")
                self.assertEqual(client.recv(1), b"")
            self.assertEqual(server.wait(), (0, "", ""))

    def test_one_client_serves_all_its_messages_and_ends(self):
        with Server("echo-server", "--one-client", "tcp:127.0.0.1:0") as server:
            self.assertEqual(tutorial.echo_client(server.address, ["a", "b"]), ["A", "B"])
            self.assertEqual(server.wait(), (0, "", ""))

    def test_recv_size_limits_what_one_recv_takes(self):
        with Server("echo-server", "--once", "--recv-size", "2", "tcp:127.0.0.1:0") as server:
            with server.connect() as client:
                client.sendall(b"abcd")
                self.assertEqual(recv_exactly(client, 2), b"AB")


class EchoClientTest(TestCase):
    def test_prints_the_answers_of_a_python_server(self):
        with tutorial.OneClientServer(tutorial.echo) as server:
            done = run("echo-client", server.name, "hello", "x y")
            self.assertEqual(done, (0, "HELLO\nX Y\n", ""))

    def test_sends_each_line_of_stdin_and_the_last_without_a_newline(self):
        with tutorial.OneClientServer(tutorial.echo) as server:
            done = run("echo-client", server.name, text="a\n\nlast")
            self.assertEqual(done, (0, "A\n\nLAST\n", ""))

    def test_sends_arguments_as_they_are(self):
        with tutorial.OneClientServer(tutorial.echo) as server:
            done = run("echo-client", server.name, "[1,2]", "", "--", "-x")
            self.assertEqual(done, (0, "[1,2]\n\n-X\n", ""))

    def test_reads_the_whole_answer_to_a_message_longer_than_recv_size(self):
        message = "abc" * 1000
        with tutorial.OneClientServer(tutorial.echo) as server:
            done = run("echo-client", "--recv-size", "7", server.name, message)
            self.assertEqual(done, (0, message.upper() + "\n", ""))

    def test_sends_and_receives_in_turns_what_no_buffer_holds(self):
        message = "x" * (1 << 20)
        buffers = ("--sndbuf", "8192", "--rcvbuf", "8192")
        with Server("echo-server", *buffers, "tcp:127.0.0.1:0") as server:
            status, stdout, _ = run("echo-client", *buffers, server.name, text=message)
            self.assertEqual(status, 0)
            self.assertTrue(stdout == message.upper() + "\n")

    def test_fails_when_the_server_closes_within_an_answer(self):
        def answer_half(connection):
            connection.recv(1024)
            connection.sendall(b"HE")

        with tutorial.OneClientServer(answer_half) as server:
            status, stdout, stderr = run("echo-client", server.name, "hello")
        self.assertEqual((status, stdout), (1, ""))
        self.assertEqual(
            stderr,
            f"echo-client: recv {server.name}: closed after 2 of 5 bytes of the answer\n",
        )

    def test_talks_over_unix_sockets_with_and_without_a_path(self):
        for name in (f"unix:{self.temporary_directory()}/socket", "unix:@wireseam-echo-test"):
            with self.subTest(name), Server("echo-server", name) as server:
                self.assertEqual(server.name, name)
                self.assertEqual(run("echo-client", name, "hello"), (0, "HELLO\n", ""))

    def test_talks_over_ipv6_and_to_a_host_name(self):
        with Server("echo-server", "tcp:[::1]:0") as server:
            self.assertRegex(server.name, r"^tcp:\[::1\]:\d+$")
            self.assertEqual(run("echo-client", server.name, "hello"), (0, "HELLO\n", ""))
        with Server("echo-server", "tcp:localhost:0") as server:
            port = server.name.rsplit(":", 1)[1]
            self.assertEqual(run("echo-client", f"tcp:localhost:{port}", "a"), (0, "A\n", ""))


if __name__ == "__main__":
    unittest.main()
