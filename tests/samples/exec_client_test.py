# SPDX-License-Identifier: Apache-2.0
"""exec-client, with Python servers as tutorials have them and with exec-server."""

import hashlib
import os
import unittest

import exec_tutorial
from exec_tutorial import SERVE, send_json_message
from peers import Server, TestCase, run
from tutorial import OneClientServer

FRAMINGS = tuple(SERVE)


def right(body):
    return f"exec-client: MD5 {hashlib.md5(body).hexdigest()}: right\n"


class TutorialServerTest(TestCase):
    def test_prints_the_output_that_a_tutorial_server_sends(self):
        for framing, serve in SERVE.items():
            with self.subTest(framing), OneClientServer(serve) as server:
                commands = ("echo err >&2; echo out", "true", "echo next")
                status, stdout, _ = run("exec-client", "--framing", framing, server.name, *commands)
                empty = "CMDexecuted" if framing == "raw" else ""
                self.assertEqual((status, stdout), (0, f"out\nerr\n{empty}next\n"))

    def test_a_large_output_comes_whole_where_it_is_framed(self):
        numbers = "".join(f"{i}\n" for i in range(1, 30001))
        for framing in FRAMINGS[1:]:
            with self.subTest(framing), OneClientServer(SERVE[framing]) as server:
                done = run("exec-client", "--framing", framing, server.name, "seq 30000", "echo a")
                self.assertEqual(done[:2], (0, numbers + "a\n"))

    def test_a_wrong_md5_is_told_and_a_failure_but_the_next_answer_is_received(self):
        def serve(connection):
            connection.recv(1024)
            send_json_message(connection, b"hello\n", md5="0" * 32)
            exec_tutorial.serve_json_header(connection)

        with OneClientServer(serve) as server:
            status, stdout, stderr = run("exec-client", server.name, "x", "echo next")
        self.assertEqual((status, stdout), (1, "hello\nnext\n"))
        wrong = f"exec-client: MD5 {'0' * 32}: wrong, the output is damaged\n"
        self.assertEqual(stderr, wrong + right(b"next\n"))

    def test_a_header_without_an_md5_is_told_and_no_failure(self):
        def serve(connection):
            connection.recv(1024)
            send_json_message(connection, b"hello\n", md5=None)

        with OneClientServer(serve) as server:
            done = run("exec-client", server.name, "x")
        self.assertEqual(
            done, (0, "hello\n", "exec-client: MD5 not checked: the header has none\n")
        )


class StickyTest(TestCase):
    def test_the_tail_of_a_raw_output_is_the_next_commands_answer(self):
        long_output = "printf %0100d 0"
        options = ("--framing", "raw", "--recv-size", "60")
        with Server("exec-server", "--framing", "raw", "tcp:127.0.0.1:0") as server:
            done = run("exec-client", *options, server.name, long_output)
            self.assertEqual(done, (0, "0" * 60, ""))
            # The second answer is there before its command has ended: it is the first one's tail.
            done = run("exec-client", *options, server.name, long_output, "sleep 5; echo b")
            self.assertEqual(done, (0, "0" * 60 + "0" * 40, ""))

    def test_the_framings_with_a_length_are_the_cure(self):
        for framing in FRAMINGS[1:]:
            with Server("exec-server", "--framing", framing, "tcp:127.0.0.1:0") as server:
                options = ("--framing", framing, "--recv-size", "60")
                done = run("exec-client", *options, server.name, "seq 100 | wc; seq 50", "echo b")
                self.assertTrue(done[1].endswith("49\n50\nb\n"))


class OwnServerTest(TestCase):
    def each_framing(self, *options):
        for framing in FRAMINGS:
            options = ("--framing", framing)
            with self.subTest(framing), Server("exec-server", *options, "unix:@exec-test") as server:
                yield server, options

    def test_commands_come_from_arguments_or_lines(self):
        for server, options in self.each_framing():
            done = run("exec-client", *options, server.name, text="echo a\n\necho b; echo c")
            self.assertEqual(done[:2], (0, "a\nb\nc\n"))

    def test_a_command_that_fails_is_told_with_its_status(self):
        with Server("exec-server", "tcp:127.0.0.1:0") as server:
            status, stdout, stderr = run("exec-client", server.name, "exit 3", "echo next")
        self.assertEqual((status, stdout), (1, "next\n"))
        told = "exec-client: the command's status is 3\n"
        self.assertEqual(stderr, right(b"") + told + right(b"next\n"))

    def test_framed_requests_carry_long_commands(self):
        text = "x" * 100000
        for framing in FRAMINGS[1:]:
            options = ("--framing", framing, "--framed-requests")
            with self.subTest(framing), Server("exec-server", *options, "tcp:127.0.0.1:0") as server:
                done = run("exec-client", *options, server.name, "echo " + text, "echo next")
                self.assertEqual(done[:2], (0, f"{text}\nnext\n"))

    def test_a_bare_command_that_may_be_cut_is_told(self):
        with Server("exec-server", "--recv-size", "2000", "tcp:127.0.0.1:0") as server:
            done = run("exec-client", server.name, "echo a".ljust(1025))
        self.assertEqual(done[:2], (0, "a\n"))
        self.assertIn("a request of 1025 bytes may be cut", done[2])


class EncodingTest(TestCase):
    TEXT = "中文, 你好\n" * 100

    def setUp(self):
        # The encoding of the terminal is the locale's.
        os.environ["LC_ALL"] = "C.UTF-8"
        with open(f"{self.temporary_directory()}/gbk", "wb") as file:
            file.write(self.TEXT.encode("gbk"))
        self.command = f"cat {file.name}"

    def test_gbk_output_is_converted_wherever_recv_cuts_it(self):
        for framing in FRAMINGS[1:]:
            for recv_size in (1, 2, 3, 7, 1024):
                with self.subTest(framing, recv_size=recv_size):
                    with OneClientServer(SERVE[framing]) as server:
                        options = ("--framing", framing, "--recv-size", str(recv_size))
                        arguments = ("--encoding", "gbk", server.name, self.command)
                        done = run("exec-client", *options, *arguments)
                        self.assertEqual(done[:2], (0, self.TEXT))

    def test_a_character_cut_between_raw_answers_comes_with_the_next(self):
        def serve(connection):
            for piece in ("你".encode("gbk")[:1], "你".encode("gbk")[1:] + b"\n"):
                connection.recv(1024)
                connection.send(piece)

        with OneClientServer(serve) as server:
            options = ("--framing", "raw", "--encoding", "gbk")
            done = run("exec-client", *options, server.name, "a", "b")
        self.assertEqual(done, (0, "你\n", ""))

    def test_the_server_sends_in_the_encoding_that_its_clients_want(self):
        with Server("exec-server", "--encoding", "gbk", "tcp:127.0.0.1:0") as server:
            with server.connect() as client:
                answer = exec_tutorial.ask_json_header(client, "printf 你好; printf 中 >&2")
                self.assertEqual(answer.decode("gbk"), "你好中")
            done = run("exec-client", "--encoding", "gbk", server.name, "echo 你好")
            self.assertEqual(done[:2], (0, "你好\n"))

    def test_an_unknown_encoding_is_a_mistake_in_usage(self):
        with Server("exec-server", "tcp:127.0.0.1:0") as server:
            self.assertEqual(run("exec-client", "--encoding", "x-no", server.name, "a")[0], 2)
        self.assertEqual(run("exec-server", "--encoding", "x-no", "tcp:127.0.0.1:0")[0], 2)


if __name__ == "__main__":
    unittest.main()
