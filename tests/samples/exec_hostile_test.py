# SPDX-License-Identifier: Apache-2.0
"""Peers that announce what they don't send, or send what is no frame: a clear error for the one
connection, and no memory for promises."""

import os
import struct
import unittest

from exec_tutorial import ask_json_header
from peers import Server, TestCase, recv_exactly, reset, run
from tutorial import OneClientServer

MEMORY_LIMIT_KB = 32 * 1024


def header(json):
    return struct.pack("i", len(json)) + json


LENGTHS = {
    struct.pack("i", -1): "length -1 is negative",
    struct.pack("i", -(2**31)): "length -2147483648 is negative",
}
HEADERS = {
    **LENGTHS,
    struct.pack("i", 2**31 - 1): "length 2147483647 is too large: a frame has at most 1048580 bytes",
    struct.pack("i", 0): "the header is not JSON",
    header(b"hello"): "the header is not JSON",
    header(b"\xff\xfe"): "the header is not JSON",
    header(b'{"total_size": 5'): "the header is not JSON",
    header(b"[" * 100000): "the header's JSON is nested deeper than 512 levels",
    header(b"[1]"): "the header is not a JSON object",
    header(b"{}"): "the header has no total_size",
    header(b'{"total_size": null}'): "total_size is not a number",
    header(b'{"total_size": "5"}'): "total_size is not a number",
    header(b'{"total_size": -5}'): "total_size is negative",
    header(b'{"total_size": 0.5}'): "total_size is not an integer",
    header(b'{"total_size": 18446744073709551616}'): "total_size is larger than 9223372036854775807",
    header(b'{"total_size": 1e30}'): "total_size is not an integer",
}
CUT = {
    b"\x05": "stopped in the middle of a header",
    struct.pack("i", 50) + b'{"total': "stopped in the middle of a header",
    header(b'{"total_size": 9223372036854775807}') + b"abc": (
        "stopped with 9223372036854775804 bytes missing"
    ),
}


def read_all(client):
    """Until the server ends the connection, in whatever way."""
    try:
        return client.recv(1)
    except ConnectionResetError:
        return b""


class HostileServerTest(TestCase):
    def assert_reported(self, framing, answer, reason):
        def serve(connection):
            connection.recv(1024)
            connection.sendall(answer)

        with self.subTest(answer=answer[:60]), OneClientServer(serve) as server:
            status, _, stderr = run("exec-client", "--framing", framing, server.name, "echo a")
            self.assertEqual(stderr, f"exec-client: recv {server.name}: {reason}\n")
            self.assertEqual(status, 1)

    def test_a_bad_header_is_reported(self):
        for answer, reason in HEADERS.items():
            self.assert_reported("json-header", answer, reason)
        for answer, reason in LENGTHS.items():
            self.assert_reported("len32le", answer, reason)

    def test_a_server_that_stops_in_the_middle_is_reported(self):
        for answer, reason in CUT.items():
            self.assert_reported("json-header", answer, reason)
        huge = struct.pack("i", 2**31 - 1)
        self.assert_reported("len32le", huge + b"abc", "stopped with 2147483644 bytes missing")

    def test_a_server_that_says_nothing_is_reported(self):
        for framing in ("raw", "len32le", "json-header"):
            self.assert_reported(framing, b"", "closed without an answer")


class HostileClientTest(TestCase):
    def check(self, framing, requests):
        options = ("--framing", framing, "--framed-requests", "--serve", "threads")
        with Server("exec-server", *options, "tcp:127.0.0.1:0") as server:
            for request in requests:
                with self.subTest(request=request[:60]), server.connect() as client:
                    client.sendall(request)
                    client.shutdown(1)
                    self.assertEqual(client.recv(1), b"")
            done = run("exec-client", *options[:3], server.name, "echo alive")
            self.assertEqual(done[:2], (0, "alive\n"))
            self.assertLess(server.peak_memory_kb(), MEMORY_LIMIT_KB)
            stderr = server.stop()[2]
            reasons = [line.split(": ", 2)[2] for line in stderr.splitlines()]
            self.assertEqual(reasons, list(requests.values()))

    def test_a_bad_request_ends_its_connection_only(self):
        self.check("json-header", HEADERS)
        self.check("len32le", LENGTHS)

    def test_a_client_that_stops_in_the_middle_ends_its_connection_only(self):
        self.check("len32le", {struct.pack("i", 7) + b"abc": "stopped with 4 bytes missing"})
        self.check("json-header", dict(list(CUT.items())[:2]))

    def test_a_request_longer_than_any_command_is_refused(self):
        too_long = "a request of 2147483647 bytes is longer than 1048576"
        self.check("len32le", {struct.pack("i", 2**31 - 1): too_long})
        too_long = "a request of 9223372036854775807 bytes is longer than 1048576"
        self.check("json-header", {header(b'{"total_size": 9223372036854775807}'): too_long})

    def test_a_web_page_drives_no_shell(self):
        told = "this is HTTP and no command; nothing of it is run"
        for framing in ("raw", "len32le", "json-header"):
            for options in ((), ("--recv-size", "8"), ("--framed-requests",)):
                if framing == "raw" and options == ("--framed-requests",):
                    continue
                victim = os.path.join(self.temporary_directory(), "victim")
                body = f"\ntouch {victim}\n"
                page = f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
                command = ("--framing", framing, *options, "tcp:127.0.0.1:0")
                with self.subTest(command), Server("exec-server", *command) as server:
                    with server.connect() as client:
                        client.sendall((page + body).encode())
                        self.assertEqual(read_all(client), b"")
                    self.assertIn(told, server.stop()[2])
                    self.assertFalse(os.path.exists(victim))

    def test_a_damaged_request_is_not_run(self):
        request = header(b'{"total_size": 2, "md5": "00"}') + b"id"
        self.check("json-header", {request: "the request's MD5 is not the header's"})

    def test_what_is_announced_costs_no_memory(self):
        options = ("--framed-requests", "--serve", "threads")
        with Server("exec-server", *options, "tcp:127.0.0.1:0") as server:
            clients = [server.connect() for _ in range(50)]
            for client in clients:
                client.sendall(struct.pack("i", 1 << 20) + b"{")
            with server.connect() as client:
                client.sendall(header(b'{"total_size": 6}') + b"echo a")
                recv_exactly(client, 4)
            self.assertLess(server.peak_memory_kb(), MEMORY_LIMIT_KB)
            for client in clients:
                client.close()

    def test_a_client_that_resets_or_leaves_in_the_middle_of_an_answer_is_survived(self):
        for way in ("sequential", "threads", "fork"):
            with self.subTest(way), Server("exec-server", "--serve", way, "tcp:127.0.0.1:0") as server:
                client = server.connect()
                client.send(b"head -c 10000000 /dev/zero")
                recv_exactly(client, 4)
                reset(client)
                with server.connect() as client:
                    self.assertEqual(ask_json_header(client, "echo alive"), b"alive\n")


if __name__ == "__main__":
    unittest.main()
