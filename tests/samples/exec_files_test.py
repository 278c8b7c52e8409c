# SPDX-License-Identifier: Apache-2.0
"""exec-client --get, and the files that exec-server gives away."""

import hashlib
import os
import signal
import subprocess
import unittest

from exec_tutorial import receive_json_message, send_json_message
from peers import TIME_LIMIT, Server, TestCase, program, run
from tutorial import OneClientServer

CONTENT = bytes(range(256)) * 1000


class FileTest(TestCase):
    def setUp(self):
        """A served folder with something beside it, and an empty folder to be in."""
        self.base = self.temporary_directory()
        self.here = self.temporary_directory()
        os.makedirs(f"{self.base}/served/sub")
        for name, content in (("secret", b"secret"), ("served/sub/a.bin", CONTENT)):
            with open(f"{self.base}/{name}", "wb") as file:
                file.write(content)
        os.symlink("../secret", f"{self.base}/served/link")
        os.symlink("..", f"{self.base}/served/up")
        os.mkfifo(f"{self.base}/served/fifo")

    def server(self):
        return Server("exec-server", "--files", f"{self.base}/served", "tcp:127.0.0.1:0")

    def get(self, server, *arguments):
        done = subprocess.run(
            [program("exec-client"), server.name, "--get", *arguments],
            cwd=self.here,
            capture_output=True,
            timeout=TIME_LIMIT,
        )
        self.assertEqual(done.stdout, b"")
        return done.returncode, done.stderr.decode()

    def local_files(self):
        return {name: self.read(f"{self.here}/{name}") for name in os.listdir(self.here)}

    def read(self, path):
        with open(path, "rb") as file:
            return file.read()


class ServerTest(FileTest):
    def test_a_python_client_gets_size_md5_and_name_before_the_content(self):
        with self.server() as server, server.connect() as client:
            client.send(b"get sub/a.bin")
            header, body = receive_json_message(client)
            self.assertEqual(body, CONTENT)
            md5 = hashlib.md5(CONTENT).hexdigest()
            expected = {"total_size": 256000, "md5": md5, "filename": "a.bin", "status": 0}
            self.assertEqual(header, expected)

    def test_nothing_outside_the_folder_is_served(self):
        with self.server() as server, server.connect() as client:
            for path in ("../secret", "sub/../../secret", f"{self.base}/secret", "link", "up/secret"):
                client.send(f"get {path}".encode())
                header, body = receive_json_message(client)
                self.assertEqual(header["status"], 126)
                self.assertTrue(body.decode().startswith(f"exec-server: get {path}: "), body)

    def test_what_is_no_regular_file_is_not_served(self):
        with self.server() as server, server.connect() as client:
            for path in ("fifo", "sub", ".", "none"):
                client.send(f"get {path}".encode())
                self.assertEqual(receive_json_message(client)[0]["status"], 126)

    def test_without_a_folder_get_is_a_command_like_any_other(self):
        with Server("exec-server", "tcp:127.0.0.1:0") as server, server.connect() as client:
            client.send(b"get sub/a.bin")
            self.assertEqual(receive_json_message(client)[0]["status"], 127)

    def test_files_need_a_folder_and_the_json_header(self):
        options = ("--framing", "raw", "--files", self.base)
        self.assertEqual(run("exec-server", *options, "tcp:127.0.0.1:0")[0], 2)
        self.assertEqual(run("exec-server", "--files", "/nowhere", "tcp:127.0.0.1:0")[0], 2)
        self.assertEqual(run("exec-client", "--framing", "raw", "unix:@x", "--get", "a")[0], 2)


class ClientTest(FileTest):
    def test_a_file_is_fetched_under_its_own_name_or_another(self):
        md5 = hashlib.md5(CONTENT).hexdigest()
        with self.server() as server:
            right = (0, f"exec-client: MD5 {md5}: right\n")
            self.assertEqual(self.get(server, "sub/a.bin"), right)
            self.assertEqual(self.get(server, "sub/a.bin", "-o", "b"), right)
        self.assertEqual(self.local_files(), {"a.bin": CONTENT, "b": CONTENT})

    def test_framed_requests_and_small_recvs_fetch_it_as_well(self):
        options = ("--framed-requests", "--files", f"{self.base}/served")
        with Server("exec-server", *options, "tcp:127.0.0.1:0") as server:
            done = self.get(server, "sub/a.bin", "--framed-requests", "--recv-size", "7")
            self.assertEqual(done[0], 0)
        self.assertEqual(self.local_files(), {"a.bin": CONTENT})

    def test_an_existing_file_is_replaced_only_where_it_is_named(self):
        with open(f"{self.here}/a.bin", "wb") as file:
            file.write(b"old")
        with self.server() as server:
            refused = (1, "exec-client: cannot write 'a.bin': File exists\n")
            self.assertEqual(self.get(server, "sub/a.bin"), refused)
            self.assertEqual(self.local_files(), {"a.bin": b"old"})
            self.assertEqual(self.get(server, "sub/a.bin", "-o", "a.bin")[0], 0)
            self.assertEqual(self.local_files(), {"a.bin": CONTENT})

    def test_a_refusal_leaves_no_file(self):
        with self.server() as server:
            refused = "exec-client: refused by exec-server: get ../secret: '..' is not served\n"
            self.assertEqual(self.get(server, "../secret"), (1, refused))
        self.assertEqual(self.local_files(), {})

    def test_the_servers_file_name_decides_nothing(self):
        def serve(connection):
            connection.recv(1024)
            send_json_message(connection, b"evil", filename="../../evil")

        with OneClientServer(serve) as server:
            self.assertEqual(self.get(server, "a")[0], 0)
        self.assertEqual(self.local_files(), {"a": b"evil"})

    def test_a_path_without_a_last_name_needs_another(self):
        for path in ("", "sub/", "..", "."):
            status, stderr = self.get(OneClientServer(None), path)
            self.assertEqual(status, 2)
            self.assertIn(f"--get '{path}' names no file: give -o FILE", stderr)


class BrokenTransferTest(FileTest):
    def setUp(self):
        super().setUp()
        with open(f"{self.here}/a", "wb") as file:
            file.write(b"old")

    def test_a_wrong_md5_fails_and_keeps_the_old_file(self):
        def serve(connection):
            connection.recv(1024)
            send_json_message(connection, b"hello", md5="0" * 32)

        with OneClientServer(serve) as server:
            status, stderr = self.get(server, "a", "-o", "a")
        wrong = f"exec-client: MD5 {'0' * 32}: wrong, the file is damaged and not kept\n"
        self.assertEqual((status, stderr), (1, wrong))
        self.assertEqual(self.local_files(), {"a": b"old"})

    def test_a_server_that_stops_in_the_middle_leaves_the_old_file(self):
        def serve(connection):
            connection.recv(1024)
            send_json_message(connection, b"hello", total_size=6)

        with OneClientServer(serve) as server:
            status, stderr = self.get(server, "a", "-o", "a")
        self.assertEqual(
            (status, stderr), (1, f"exec-client: recv {server.name}: stopped with 1 bytes missing\n")
        )
        self.assertEqual(self.local_files(), {"a": b"old"})

    def test_an_interrupted_client_leaves_no_part_and_fails(self):
        for signum in (signal.SIGINT, signal.SIGTERM):
            status = []

            def serve(connection):
                connection.recv(1024)
                send_json_message(connection, b"hello", total_size=6)
                client.send_signal(signum)
                status.append(client.wait(timeout=TIME_LIMIT))

            server = OneClientServer(serve)
            command = [program("exec-client"), server.name, "--get", "a", "-o", "a"]
            client = subprocess.Popen(command, cwd=self.here, stderr=subprocess.PIPE)
            with client, server:
                self.assertEqual(client.stderr.read(), b"exec-client: --get a: interrupted\n")
            self.assertEqual(status, [1])
            self.assertEqual(self.local_files(), {"a": b"old"})

    def test_a_disk_that_is_full_fails(self):
        with self.server() as server:
            status, stderr = self.get(server, "sub/a.bin", "-o", "/dev/full")
        full = "exec-client: cannot write '/dev/full': No space left on device\n"
        self.assertEqual((status, stderr), (1, full))


if __name__ == "__main__":
    unittest.main()
