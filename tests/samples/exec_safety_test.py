# SPDX-License-Identifier: Apache-2.0
"""What exec-server does not do, or not for long."""

import hashlib
import hmac
import os
import socket
import time
import unittest

from exec_tutorial import ask_json_header, receive_json_message
from peers import TIME_LIMIT, Server, TestCase, recv_exactly, run

WAYS = ("sequential", "threads", "fork")


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            return stat.read().rsplit(") ", 1)[1][0] != "Z"
    except FileNotFoundError:
        return False


class LoopbackTest(TestCase):
    def test_binds_loopback_alone_unless_clients_authenticate(self):
        for address in ("tcp:0.0.0.0:0", "tcp:[::]:0"):
            status, stdout, stderr = run("exec-server", address)
            self.assertEqual((status, stdout), (2, ""))
            self.assertTrue(stderr.startswith(f"exec-server: {address}: not a loopback address"))

    def test_binds_any_address_with_a_key(self):
        key_file = self.temporary_file(b"key")
        with Server("exec-server", "--auth-key-file", key_file, "tcp:0.0.0.0:0") as server:
            self.assertRegex(server.name, r"^tcp:0\.0\.0\.0:\d+$")

    def test_serves_streams_alone(self):
        for address in ("udp:127.0.0.1:0", "unixgram:@wireseam-exec"):
            self.assertEqual(run("exec-server", address)[0], 2)
            self.assertEqual(run("exec-client", address, "true")[0], 2)

    def test_serves_unix_sockets(self):
        with Server("exec-server", "unix:@wireseam-exec-test") as server:
            self.assertEqual(run("exec-client", server.name, "echo a")[:2], (0, "a\n"))


class AuthenticationTest(TestCase):
    def setUp(self):
        self.folder = self.temporary_directory()
        self.key_file = self.temporary_file(b"key")

    def server(self):
        return Server("exec-server", "--auth-key-file", self.key_file, "tcp:127.0.0.1:0")

    def test_a_wrong_proof_ends_the_connection(self):
        with self.server() as server, server.connect() as client:
            recv_exactly(client, 32)
            client.sendall(b"x" * 32)
            self.assertEqual(client.recv(1), b"")
            self.assertIn("wrong key", server.stop()[2])

    def test_a_command_instead_of_a_proof_is_not_executed(self):
        with self.server() as server, server.connect() as client:
            client.sendall(f"touch {self.folder}/file #".ljust(100).encode())
            recv_exactly(client, 32)
            # Closed with an RST, since the server has not read all that was sent.
            self.assertRaises(ConnectionResetError, client.recv, 1)
            self.assertIn("wrong key", server.stop()[2])
        self.assertEqual(os.listdir(self.folder), [])

    def test_commands_are_executed_after_the_right_one(self):
        with self.server() as server, server.connect() as client:
            challenge = recv_exactly(client, 32)
            client.sendall(hmac.new(b"key", challenge, hashlib.sha256).digest())
            self.assertEqual(ask_json_header(client, "echo a"), b"a\n")

    def test_our_client_and_server_agree(self):
        with self.server() as server:
            done = run("exec-client", "--auth-key-file", self.key_file, server.name, "echo a")
            self.assertEqual(done[:2], (0, "a\n"))
            wrong = self.temporary_file(b"wrong")
            done = run("exec-client", "--auth-key-file", wrong, server.name, "echo a")
            self.assertEqual(done[:2], (1, ""))


class LimitTest(TestCase):
    def test_a_command_out_of_time_is_killed_with_its_grandchildren(self):
        with Server("exec-server", "--time-limit", "2", "tcp:127.0.0.1:0") as server:
            with server.connect() as client:
                client.send(b"sh -c 'sleep 600 & echo $!; wait'; echo not reached")
                header, body = receive_json_message(client)
                pid, message = body.decode().split("\n", 1)
                self.assertEqual(message, "exec-server: killed after 2000 ms\n")
                self.assertEqual(header["status"], 124)
                self.wait_for_end_of(pid)
                self.assertEqual(ask_json_header(client, "echo next"), b"next\n")

    def test_a_command_that_writes_for_ever_is_cut_and_killed(self):
        with Server("exec-server", "--output-limit", "100000", "tcp:127.0.0.1:0") as server:
            with server.connect() as client:
                client.send(b"yes")
                header, body = receive_json_message(client)
                message = b"exec-server: killed, more than 100000 bytes of output\n"
                self.assertEqual(body, b"y\n" * 50000 + message)
                self.assertEqual(header["status"], 137)

    def test_a_server_that_is_stopped_takes_its_commands_with_it(self):
        for way in WAYS:
            fifo = os.path.join(self.temporary_directory(), "fifo")
            os.mkfifo(fifo)
            with self.subTest(way), Server("exec-server", "--serve", way, "tcp:127.0.0.1:0") as server:
                with server.connect() as client:
                    client.send(f"echo $$ > {fifo}; sleep 600; true".encode())
                    with open(fifo, encoding="ascii") as file:
                        pid = file.read().strip()
                    self.assertEqual(server.stop(), (0, "", ""))
                    self.wait_for_end_of(pid)

    def test_a_command_ends_soon_after_its_client_has_gone(self):
        for way in WAYS:
            fifo = os.path.join(self.temporary_directory(), "fifo")
            os.mkfifo(fifo)
            with self.subTest(way), Server("exec-server", "--serve", way, "tcp:127.0.0.1:0") as server:
                with server.connect() as client:
                    client.send(f"echo $$ > {fifo}; sleep 600; true".encode())
                    with open(fifo, encoding="ascii") as file:
                        pid = file.read().strip()
                self.wait_for_end_of(pid)

    def test_a_client_that_sends_no_more_still_gets_its_answer(self):
        with Server("exec-server", "tcp:127.0.0.1:0") as server, server.connect() as client:
            client.send(b"sleep 2; echo late")
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(receive_json_message(client)[1], b"late\n")

    def test_commands_hold_no_socket(self):
        for way in WAYS:
            with self.subTest(way), Server("exec-server", "--serve", way, "tcp:127.0.0.1:0") as server:
                with server.connect() as client:
                    links = ask_json_header(client, "readlink /proc/self/fd/* /proc/$$/fd/*")
                    self.assertIn(b"/dev/null", links)
                    self.assertNotIn(b"socket:", links)

    def wait_for_end_of(self, pid):
        deadline = time.monotonic() + TIME_LIMIT
        while is_running(pid):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)


class AllowTest(TestCase):
    def test_only_listed_commands_are_run(self):
        options = ("--allow", "echo", "--allow", "seq 2 | tac")
        with Server("exec-server", *options, "tcp:127.0.0.1:0") as server:
            with server.connect() as client:
                self.assertEqual(ask_json_header(client, "echo a b"), b"a b\n")
                self.assertEqual(ask_json_header(client, "seq 2 | tac"), b"2\n1\n")
                for command in ("id", "echo a; id", "echo $(id)", "echo a\nid", "seq 2"):
                    client.send(command.encode())
                    header, body = receive_json_message(client)
                    self.assertEqual(header["status"], 126)
                    self.assertEqual(body, f"exec-server: not allowed: {command}\n".encode())


if __name__ == "__main__":
    unittest.main()
