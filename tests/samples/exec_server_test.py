# SPDX-License-Identifier: Apache-2.0
"""exec-server, as Python clients see it."""

import hashlib
import json
import os
import struct
import unittest

import exec_tutorial
from exec_tutorial import ASK, receive_body, receive_json_message
from peers import Server, TestCase, recv_exactly, run

FRAMED = ("len32le", "json-header")


def exec_server(*options):
    return Server("exec-server", *options, "tcp:127.0.0.1:0")


def frame(framing, command):
    if framing == "len32le":
        return struct.pack("i", len(command)) + command
    header = json.dumps({"total_size": len(command)}).encode()
    return struct.pack("i", len(header)) + header + command


def receive_answer(framing, connection):
    if framing == "json-header":
        return receive_json_message(connection)[1]
    return receive_body(connection, struct.unpack("i", recv_exactly(connection, 4))[0])


class TutorialClientTest(TestCase):
    def test_answers_a_tutorial_client_with_stdout_and_then_stderr(self):
        for framing, ask in ASK.items():
            with self.subTest(framing), exec_server("--framing", framing) as server:
                with server.connect() as client:
                    self.assertEqual(ask(client, "echo err >&2; echo out"), b"out\nerr\n")
                    self.assertEqual(ask(client, "echo $((6 * 7))"), b"42\n")

    def test_an_output_of_many_recvs_comes_whole_where_it_is_framed(self):
        lines = "".join(f"{i}\n" for i in range(1, 30001)).encode()
        for framing in FRAMED:
            with self.subTest(framing), exec_server("--framing", framing) as server:
                with server.connect() as client:
                    self.assertEqual(ASK[framing](client, "seq 30000"), lines)
                    self.assertEqual(ASK[framing](client, "echo next"), b"next\n")

    def test_an_empty_output_is_answered_in_each_framing(self):
        answers = {"raw": b"CMDexecuted", "len32le": b"", "json-header": b""}
        for framing, answer in answers.items():
            with self.subTest(framing), exec_server("--framing", framing) as server:
                with server.connect() as client:
                    self.assertEqual(ASK[framing](client, "true"), answer)
                    self.assertEqual(ASK[framing](client, "echo next"), b"next\n")

    def test_the_json_header_tells_size_md5_filename_and_status(self):
        with exec_server() as server, server.connect() as client:
            client.send(b"echo hello; exit 3")
            header, body = receive_json_message(client)
            self.assertEqual(body, b"hello\n")
            md5 = hashlib.md5(body).hexdigest()
            expected = {"total_size": 6, "md5": md5, "filename": "", "status": 3}
            self.assertEqual(header, expected)


class RequestTest(TestCase):
    def test_framed_requests_may_be_pipelined(self):
        for framing in FRAMED:
            with exec_server("--framing", framing, "--framed-requests") as server:
                with self.subTest(framing), server.connect() as client:
                    client.sendall(b"".join(frame(framing, b"echo %d" % i) for i in range(10)))
                    for i in range(10):
                        self.assertEqual(receive_answer(framing, client), b"%d\n" % i)

    def test_an_empty_framed_request_is_answered_too(self):
        for framing in FRAMED:
            with exec_server("--framing", framing, "--framed-requests") as server:
                with self.subTest(framing), server.connect() as client:
                    client.sendall(frame(framing, b"") + frame(framing, b"echo a"))
                    self.assertEqual(receive_answer(framing, client), b"")
                    self.assertEqual(receive_answer(framing, client), b"a\n")

    def test_framed_requests_may_come_byte_by_byte(self):
        for framing in FRAMED:
            with exec_server("--framing", framing, "--framed-requests") as server:
                with self.subTest(framing), server.connect() as client:
                    client.setsockopt(6, 1, 1)  # TCP_NODELAY
                    for byte in frame(framing, b"echo hello"):
                        client.sendall(bytes([byte]))
                    self.assertEqual(receive_answer(framing, client), b"hello\n")

    def test_framed_requests_may_be_as_long_as_the_shell_takes(self):
        text = b"x" * 130000
        with exec_server("--framed-requests") as server, server.connect() as client:
            client.sendall(frame("json-header", b"echo " + text))
            self.assertEqual(receive_answer("json-header", client), text + b"\n")
            client.sendall(frame("json-header", b"echo " + 2 * text))
            answer = receive_answer("json-header", client)
            self.assertEqual(
                answer, b"exec-server: posix_spawn /bin/sh: Argument list too long\n"
            )

    def test_a_bare_request_is_what_one_recv_brings(self):
        with exec_server("--recv-size", "6") as server, server.connect() as client:
            client.sendall(b"echo abecho cd")
            answers = [receive_json_message(client)[1] for _ in range(3)]
            self.assertEqual(answers[0], b"a\n")

    def test_a_newline_behind_a_bare_request_does_not_count(self):
        with Server("exec-server", "--allow", "echo a", "tcp:127.0.0.1:0") as server:
            with server.connect() as client:
                for request in ("echo a", "echo a\n", "echo a\r\n"):
                    self.assertEqual(exec_tutorial.ask_json_header(client, request), b"a\n")

    def test_raw_has_no_framed_requests(self):
        status, _, stderr = run("exec-server", "--framing", "raw", "--framed-requests", "unix:@x")
        self.assertEqual(status, 2)
        self.assertTrue(stderr.startswith("exec-server: --framed-requests: raw has no frames\n"))


class ManyClientsTest(TestCase):
    def test_a_long_command_blocks_no_other_client(self):
        for way in ("fork", "threads"):
            with self.subTest(way), exec_server("--serve", way) as server:
                with server.connect() as slow, server.connect() as fast:
                    fifo = os.path.join(self.temporary_directory(), "fifo")
                    os.mkfifo(fifo)
                    slow.send(f"cat {fifo}".encode())
                    self.assertEqual(
                        exec_tutorial.ask_json_header(fast, f"echo hello > {fifo}"), b""
                    )
                    self.assertEqual(receive_json_message(slow)[1], b"hello\n")

    def test_one_after_the_other_where_that_is_asked_for(self):
        with exec_server("--serve", "sequential") as server:
            for _ in range(2):
                with server.connect() as client:
                    self.assertEqual(exec_tutorial.ask_json_header(client, "echo a"), b"a\n")


if __name__ == "__main__":
    unittest.main()
