# SPDX-License-Identifier: Apache-2.0
"""echo over datagrams, UDP and UNIX."""

import socket
import unittest

from peers import TIME_LIMIT, Server, TestCase, run


def udp_socket():
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(TIME_LIMIT)
    return client


class DatagramTest(TestCase):
    def test_answers_a_python_client_and_its_empty_datagram_too(self):
        with Server("echo-server", "udp:127.0.0.1:0") as server, udp_socket() as client:
            for message in (b"hello", b"", b"x" * 1024):
                client.sendto(message, server.address)
                self.assertEqual(client.recvfrom(2048), (message.upper(), server.address))

    def test_reports_a_datagram_longer_than_its_buffer(self):
        with Server("echo-server", "--recv-size", "4", "udp:127.0.0.1:0") as server:
            with udp_socket() as client:
                client.sendto(b"hello", server.address)
                self.assertEqual(client.recv(100), b"HELL")
            _, _, stderr = server.stop()
            self.assertRegex(
                stderr,
                r"^echo-server: recvfrom udp:127.0.0.1:\d+: datagram of 5 bytes truncated to 4\n$",
            )

    def test_once_answers_one_datagram_and_ends(self):
        with Server("echo-server", "--once", "udp:127.0.0.1:0") as server, udp_socket() as client:
            client.sendto(b"hello", server.address)
            self.assertEqual(client.recv(100), b"HELLO")
            self.assertEqual(server.wait(), (0, "", ""))

    def test_client_prints_an_answer_for_each_message(self):
        with Server("echo-server", "udp:127.0.0.1:0") as server:
            self.assertEqual(run("echo-client", server.name, "a", "", "b"), (0, "A\n\nB\n", ""))

    def test_client_reports_an_answer_longer_than_its_buffer(self):
        with Server("echo-server", "udp:127.0.0.1:0") as server:
            status, stdout, stderr = run("echo-client", "--recv-size", "2", server.name, "hello")
        self.assertEqual((status, stdout), (0, "HE\n"))
        self.assertEqual(
            stderr, f"echo-client: recv {server.name}: datagram of 5 bytes truncated to 2\n"
        )

    def test_client_fails_when_nobody_is_there(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unused:
            unused.bind(("127.0.0.1", 0))
            name = "udp:127.0.0.1:%d" % unused.getsockname()[1]
        done = run("echo-client", name, "hello")
        self.assertEqual(done, (1, "", f"echo-client: recv {name}: Connection refused\n"))

    def test_client_gives_up_on_an_answer_that_does_not_come(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
            mute.bind(("127.0.0.1", 0))
            name = "udp:127.0.0.1:%d" % mute.getsockname()[1]
            done = run("echo-client", name, "hello")
        self.assertEqual(done, (1, "", f"echo-client: recv {name}: no answer within 5 s\n"))

    def test_unix_datagrams_are_answered_to_the_name_of_the_client(self):
        for name in (f"unixgram:{self.temporary_directory()}/socket", "unixgram:@wireseam-test"):
            with self.subTest(name), Server("echo-server", name) as server:
                self.assertEqual(run("echo-client", server.name, "hello", ""), (0, "HELLO\n\n", ""))

    def test_a_unix_client_without_a_name_is_reported_and_costs_nobody_else(self):
        with Server("echo-server", "unixgram:@wireseam-test-unnamed") as server:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
                client.sendto(b"hello", server.address)
            self.assertEqual(run("echo-client", server.name, "next"), (0, "NEXT\n", ""))
            _, _, stderr = server.stop()
            self.assertEqual(
                stderr,
                "echo-server: recvfrom unixgram:@wireseam-test-unnamed: no answer to a sender"
                " without a name (it has not called bind)\n",
            )

    def test_a_unix_client_that_does_not_read_costs_nobody_else(self):
        with Server("echo-server", "unixgram:@wireseam-test-deaf") as server:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
                deaf.bind(f"{self.temporary_directory()}/deaf")
                for _ in range(100):
                    deaf.sendto(b"hello", server.address)
                self.assertEqual(run("echo-client", server.name, "next"), (0, "NEXT\n", ""))


if __name__ == "__main__":
    unittest.main()
