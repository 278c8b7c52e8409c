# SPDX-License-Identifier: Apache-2.0
"""Addresses, errors, usage, and the end by a signal: what all servers and clients share."""

import os
import signal
import socket
import stat
import subprocess
import unittest

from peers import TIME_LIMIT, Server, TestCase, program, reset, run

SERVERS = ("echo-server", "chat-server", "exec-server")
CLIENTS = ("echo-client", "chat-client", "exec-client")


class UsageTest(TestCase):
    def assert_usage_error(self, reason, *command):
        with self.subTest(command=command):
            status, stdout, stderr = run(*command)
            self.assertEqual((status, stdout), (2, ""))
            name = command[0]
            self.assertEqual(stderr, f"{name}: {reason}\nTry '{name} --help'.\n")

    def test_a_bad_address_is_a_usage_error_that_says_what_is_wrong(self):
        brackets = "an IPv6 address stands in brackets, as in tcp:[::1]:8080"
        for address, reason in (
            ("here", "not tcp:HOST:PORT, udp:HOST:PORT, unix:PATH or unixgram:PATH"),
            ("tcp:127.0.0.1", "has no port"),
            ("tcp::80", "has no host"),
            ("tcp:::1:80", brackets),
            ("tcp:h:65536", "the port is a number from 0 to 65535, not '65536'"),
            ("tcp:h:-1", "the port is a number from 0 to 65535, not '-1'"),
            ("unix:", "has no path"),
            ("unix:" + "x" * 108, "longer than the 107 bytes of a UNIX socket's name"),
        ):
            for name in SERVERS + CLIENTS:
                self.assert_usage_error(f"address '{address}': {reason}", name, address)

    def test_a_bad_option_is_a_usage_error(self):
        for name in SERVERS + CLIENTS:
            self.assert_usage_error("ADDRESS is required", name)
            self.assert_usage_error(
                "--recv-size: Value 0 not in range 1 to 2147483647",
                *(name, "--recv-size", "0", "unix:@x"),
            )
            self.assert_usage_error(
                "The following argument was not expected: --nodelya", name, "--nodelya", "unix:@x"
            )

    def test_what_needs_connections_is_not_had_with_datagrams(self):
        for option in ("--one-client", "--serve=fork", "--auth-key-file=x"):
            what = option.split("=")[0]
            self.assert_usage_error(
                f"address 'udp:127.0.0.1:0': {what} needs connections, tcp: or unix:",
                *("echo-server", option, "udp:127.0.0.1:0"),
            )

    def test_help_is_no_error(self):
        for name in SERVERS + CLIENTS:
            status, stdout, stderr = run(name, "--help")
            self.assertEqual((status, stderr), (0, ""))
            self.assertIn(f"Usage: {name} [OPTIONS] ADDRESS", stdout)


class ErrorTest(TestCase):
    def test_an_address_in_use_is_named_with_the_call(self):
        with Server("echo-server", "tcp:127.0.0.1:0") as server:
            for name in SERVERS:
                status, stdout, stderr = run(name, server.name)
                self.assertEqual((status, stdout), (1, ""))
                self.assertEqual(stderr, f"{name}: bind {server.name}: Address already in use\n")

    def test_a_second_server_does_not_slip_to_another_address_of_the_host(self):
        with Server("echo-server", "tcp:localhost:0") as server:
            port = server.name.rsplit(":", 1)[1]
            status, stdout, stderr = run("echo-server", f"tcp:localhost:{port}")
        self.assertEqual((status, stdout), (1, ""))
        self.assertEqual(stderr, f"echo-server: bind {server.name}: Address already in use\n")

    def test_a_path_in_use_is_named_with_the_call(self):
        with Server("echo-server", f"unix:{self.temporary_directory()}/socket") as server:
            done = run("echo-server", server.name)
            self.assertEqual(
                done, (1, "", f"echo-server: bind {server.name}: Address already in use\n")
            )
            done = run("echo-client", server.name, "still there")
            self.assertEqual(done, (0, "STILL THERE\n", ""))

    def test_a_client_names_the_address_that_refuses(self):
        with socket.create_server(("127.0.0.1", 0)) as unused:
            name = "tcp:127.0.0.1:%d" % unused.getsockname()[1]
        for client in CLIENTS:
            done = run(client, name, "hello")
            self.assertEqual(done, (1, "", f"{client}: connect {name}: Connection refused\n"))

    def test_a_port_without_permission_is_named_with_the_call(self):
        with open("/proc/sys/net/ipv4/ip_unprivileged_port_start", encoding="ascii") as file:
            if os.geteuid() == 0 or int(file.read()) < 2:
                self.skipTest("every port is permitted here")
        done = run("echo-server", "tcp:127.0.0.1:1")
        self.assertEqual(done, (1, "", "echo-server: bind tcp:127.0.0.1:1: Permission denied\n"))

    def test_an_unknown_host_is_an_error_of_getaddrinfo(self):
        status, _, stderr = run("echo-client", "tcp:no.such.host.invalid:80", "hello")
        self.assertEqual(status, 1)
        self.assertRegex(stderr, r"^echo-client: getaddrinfo tcp:no\.such\.host\.invalid:80: .+\n$")


class StandardStreamTest(TestCase):
    def test_an_answer_that_cannot_be_written_is_an_error(self):
        with Server("echo-server", "tcp:127.0.0.1:0") as server, open("/dev/full", "wb") as full:
            done = subprocess.run(
                [program("echo-client"), server.name, "hello"],
                stdout=full,
                stderr=subprocess.PIPE,
                timeout=TIME_LIMIT,
            )
        error = b"echo-client: write to stdout: No space left on device\n"
        self.assertEqual((done.returncode, done.stderr), (1, error))

    def test_a_socket_never_takes_the_place_of_stdin_or_stdout(self):
        with Server("echo-server", "tcp:127.0.0.1:0") as server:
            for descriptor in (0, 1):
                done = subprocess.run(
                    [program("echo-client"), server.name, *(["hello"] * descriptor)],
                    preexec_fn=lambda: os.close(descriptor),
                    capture_output=True,
                    timeout=TIME_LIMIT,
                )
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))

    def test_a_server_outlives_the_reader_of_its_stdout_and_stderr(self):
        with Server("chat-server", "tcp:127.0.0.1:0", stdin=subprocess.PIPE) as server:
            server.process.stdout.close()
            server.process.stderr.close()
            reset(server.connect())
            with server.connect() as client:
                client.sendall(b"hello")
                client.recv(1)
            server.process.terminate()
            self.assertEqual(server.process.wait(TIME_LIMIT), 0)


class ReuseTest(TestCase):
    def restart_on_the_same_port(self, *options):
        """Leaves a connection in TIME_WAIT at the server's port first."""
        with Server("echo-server", "--once", "tcp:127.0.0.1:0") as server:
            with server.connect() as client:
                client.sendall(b"x")
                client.recv(1)
                client.recv(1)
            server.wait()
        return Server("echo-server", *options, server.name)

    def test_a_port_in_time_wait_can_be_bound_again(self):
        with self.restart_on_the_same_port():
            pass

    def test_no_reuseaddr_shows_the_error_of_time_wait(self):
        with self.assertRaisesRegex(AssertionError, "Address already in use"):
            self.restart_on_the_same_port("--no-reuseaddr")


class StopTest(TestCase):
    def test_sigterm_and_sigint_end_a_server_cleanly_and_remove_its_path(self):
        for name in SERVERS:
            for signum in (signal.SIGTERM, signal.SIGINT):
                path = f"{self.temporary_directory()}/socket"
                with self.subTest(name, signum=signum), Server(name, f"unix:{path}") as server:
                    self.assertTrue(stat.S_ISSOCK(os.stat(path).st_mode))
                    self.assertEqual(server.stop(signum), (0, "", ""))
                    self.assertFalse(os.path.exists(path))

    def test_the_path_of_a_server_that_was_killed_is_taken_over(self):
        name = f"unix:{self.temporary_directory()}/socket"
        for scheme in ("unix:", "unixgram:"):
            path = scheme + name.split(":")[1]
            with Server("echo-server", path) as killed:
                killed.stop(signal.SIGKILL)
            with Server("echo-server", path) as server:
                self.assertEqual(run("echo-client", server.name, "hello"), (0, "HELLO\n", ""))

    def test_a_file_that_is_no_socket_is_left_alone(self):
        path = self.temporary_file(b"precious")
        status, _, _ = run("echo-server", f"unix:{path}")
        self.assertEqual(status, 1)
        with open(path, "rb") as file:
            self.assertEqual(file.read(), b"precious")


if __name__ == "__main__":
    unittest.main()
