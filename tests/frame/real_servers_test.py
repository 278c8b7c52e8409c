#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every byte that real clients and servers say is cut into the frames that their protocol has, and
their framing is recognised. What is not installed is skipped."""

import glob
import os
import ssl
import socket
import struct
import subprocess
import tempfile
import unittest

from conversation import PATH, DEADLINE_S, Proxy, cut, free_port, in_pieces, program, wait_for, wait_until


class RealServers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def start(self, port, *command, **options):
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, **options)
        self.addCleanup(self.stop, process)
        wait_for(port, process)

    @staticmethod
    def stop(process):
        process.stdin.close()
        process.terminate()
        try:
            process.wait(DEADLINE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def run_client(self, *command, **options):
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.PIPE, timeout=DEADLINE_S, **options)

    def frames(self, proxy, framing, usual_port):
        """Each side's frames; the same ones whatever the packets, and by detection."""
        packets = proxy.packets
        _, *frames = cut(packets, framing, 1)
        for size in (1, 7, 1448):
            self.assertEqual(cut(in_pieces(packets, size), framing, 1)[1:], tuple(frames))
        if usual_port is not None:
            self.assertEqual(cut(packets, "auto", usual_port)[0], framing)
        return frames

    def test_tls(self):
        openssl = program("openssl")
        key, certificate = os.path.join(self.folder, "key"), os.path.join(self.folder, "cert")
        self.run_client(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=a", "-keyout", key,
                        "-out", certificate)
        port = free_port()
        self.start(port, openssl, "s_server", "-accept", f"127.0.0.1:{port}", "-key", key, "-cert",
                   certificate, "-rev", "-quiet")
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with Proxy(port) as proxy:
            with socket.create_connection(("127.0.0.1", proxy.port)) as plain:
                with context.wrap_socket(plain) as stream:
                    stream.sendall(b"x" * 40000 + b"\n")
                    received = 0
                    while received < 40001:
                        received += len(stream.recv(65536))
        client, server = self.frames(proxy, "tls", 1)
        for side in (client, server):
            self.assertEqual(side[0][0], 22)
            self.assertEqual(side[-1][0], 23)
            self.assertLessEqual({record[0] for record in side}, {20, 21, 22, 23})

    def test_postgres(self):
        folders = ":".join(glob.glob("/usr/lib/postgresql/*/bin")) + ":" + PATH
        initdb, psql = program("initdb", folders), program("psql", folders)
        data = os.path.join(self.folder, "data")
        user = {}
        if os.geteuid() == 0:
            # It refuses to run as root.
            user = {"user": "nobody", "group": "nogroup", "extra_groups": []}
            os.chmod(self.folder, 0o777)
        self.run_client(initdb, "-D", data, "-A", "trust", "-U", "a", "--no-sync", **user)
        port = free_port()
        self.start(port, os.path.join(os.path.dirname(initdb), "postgres"), "-D", data, "-F", "-p",
                   str(port), "-h", "127.0.0.1", "-k", self.folder, **user)
        # It listens before it answers.
        ready = [program("pg_isready", folders), "-q", "-h", "127.0.0.1", "-p", str(port)]
        wait_until(lambda: subprocess.run(ready, check=False).returncode == 0)
        with Proxy(port) as proxy:
            self.run_client(psql, f"host=127.0.0.1 port={proxy.port} user=a dbname=postgres",
                            "-c", "SELECT repeat('x', n) FROM generate_series(1, 500) AS n")
        client, server = self.frames(proxy, "postgres", 1)
        self.assertEqual(client[0], struct.pack(">II", 8, 80877103))
        self.assertEqual(client[1][4:8], struct.pack(">I", 0x30000))
        self.assertEqual([message[:1] for message in client[2:]], [b"Q", b"X"])
        self.assertEqual(server[0], b"N")
        kinds = [message[:1] for message in server[1:]]
        self.assertEqual(kinds[0], b"R")
        self.assertEqual(kinds.count(b"D"), 500)
        self.assertEqual(kinds[-2:], [b"C", b"Z"])

    def test_mysql(self):
        mariadbd, client_program = program("mariadbd"), program("mariadb")
        data = os.path.join(self.folder, "data")
        os.mkdir(data)
        port = free_port()
        self.start(port, mariadbd, "--no-defaults", f"--datadir={data}", "--skip-grant-tables",
                   "--bind-address=127.0.0.1", f"--port={port}", "--user=root", "--skip-networking=0",
                   f"--socket={self.folder}/socket", f"--pid-file={self.folder}/pid",
                   "--innodb-buffer-pool-size=8M", "--aria-log-dir-path=" + data)
        with Proxy(port) as proxy:
            self.run_client(client_program, "--no-defaults", "--host=127.0.0.1", "--skip-ssl",
                            f"--port={proxy.port}", "--execute=SELECT REPEAT('x', 70000); SELECT 2")
        client, server = self.frames(proxy, "mysql", 3306)
        self.assertEqual([packet[3] for packet in client], [1] + [0] * (len(client) - 1))
        self.assertEqual(client[-1][4:], b"\x01")  # COM_QUIT
        self.assertEqual(server[0][3:5], b"\x00\x0a")  # the greeting of protocol 10
        self.assertIn(b"x" * 70000, server[[len(packet) > 70000 for packet in server].index(True)])

    def test_http2(self):
        nghttpd, nghttp = program("nghttpd"), program("nghttp")
        with open(os.path.join(self.folder, "file"), "wb") as file:
            file.write(b"x" * 100000)
        port = free_port()
        self.start(port, nghttpd, "--no-tls", "-a", "127.0.0.1", "-d", self.folder, str(port))
        with Proxy(port) as proxy:
            self.run_client(nghttp, "-n", f"http://127.0.0.1:{proxy.port}/file")
        client, server = self.frames(proxy, "http2", 1)
        self.assertEqual(client[0], b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        self.assertEqual(client[1][3], 4)  # SETTINGS
        self.assertIn(1, {frame[3] for frame in client[1:]})  # HEADERS
        self.assertEqual(server[0][3], 4)
        data = b"".join(frame[9:] for frame in server if frame[3] == 0)
        self.assertEqual(data, b"x" * 100000)

    def test_dns(self):
        dnsmasq = program("dnsmasq")
        port = free_port()
        self.start(port, dnsmasq, "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv",
                   "--no-hosts", f"--port={port}", "--listen-address=127.0.0.1", "--bind-interfaces",
                   "--address=/a.test/192.0.2.1", "--pid-file=", "--user=root")
        question = b"\x01a\x04test\x00" + struct.pack(">HH", 1, 1)
        with Proxy(port) as proxy:
            with socket.create_connection(("127.0.0.1", proxy.port)) as stream:
                for number in (1, 2, 3):
                    message = struct.pack(">HHHHHH", number, 0x100, 1, 0, 0, 0) + question
                    stream.sendall(struct.pack(">H", len(message)) + message)
                    size = struct.unpack(">H", stream.recv(2, socket.MSG_WAITALL))[0]
                    stream.recv(size, socket.MSG_WAITALL)
        client, server = self.frames(proxy, "dns", 53)
        for side in (client, server):
            self.assertEqual([message[2:4] for message in side], [b"\0\1", b"\0\2", b"\0\3"])

    def test_redis_has_lines_only(self):
        redis = program("redis-server")
        port = free_port()
        self.start(port, redis, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir",
                   self.folder)
        with Proxy(port) as proxy:
            with socket.create_connection(("127.0.0.1", proxy.port)) as stream:
                stream.sendall(b"*1\r\n$4\r\nPING\r\nPING\r\n")
                stream.recv(14, socket.MSG_WAITALL)
        client, server = self.frames(proxy, "line:end=crlf", None)
        self.assertEqual(client, [b"*1\r\n", b"$4\r\n", b"PING\r\n", b"PING\r\n"])
        self.assertEqual(server, [b"+PONG\r\n", b"+PONG\r\n"])
        self.assertEqual(cut(proxy.packets, "auto", 6379)[0], "raw")


if __name__ == "__main__":
    unittest.main(verbosity=2)
