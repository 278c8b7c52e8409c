# SPDX-License-Identifier: Apache-2.0
"""Why bytes left late, receives waited and connections were reset, as wireseam inspect tells it of
recorded programs; and what it says where calls' bytes can't be placed."""

import unittest

from recording import inspected, record
from tracing import ROOT, TestCase, may_capture, python

PAIR = """
import os, socket, struct, threading, time
def pair(*options, listener_options=()):
    listener = socket.socket()
    for option in listener_options:
        listener.setsockopt(*option)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    client = socket.socket()
    for option in options:
        client.setsockopt(*option)
    client.connect(listener.getsockname())
    return client, listener.accept()[0]
def end(client, server):
    client.close()
    while server.recv(99):
        pass
    server.close()
"""

# One whose reader lets it wait longer than for anything else; one that nobody need read for.
HELD = PAIR + """
NODELAY = (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
client, server = pair(NODELAY, (socket.SOL_SOCKET, socket.SO_SNDBUF, 8192))
def read():
    time.sleep(0.1)
    while server.recv(1 << 20):
        pass
reader = threading.Thread(target=read)
reader.start()
client.sendall(bytes(1_000_000))
client.close()
reader.join()
SO_MAX_PACING_RATE = 47
# The first ten segments are never paced.
client, server = pair(NODELAY, (socket.SOL_SOCKET, SO_MAX_PACING_RATE, 200_000),
                      (socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1000))
client.sendall(bytes(20_000))
server.recv(20_000, socket.MSG_WAITALL)
end(client, server)
"""

WAITED = PAIR + """
client, server = pair()
def send_in_two():
    client.send(b"12345")
    time.sleep(0.02)
    client.send(b"1234567890")  # enough for the low-water mark by itself: bytes taken don't count
for room, flags, low_water in ((15, socket.MSG_WAITALL, 1), (99, 0, 10)):
    server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, low_water)
    sender = threading.Thread(target=send_in_two)
    sender.start()
    server.recv(room, flags)
    sender.join()
server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
end(client, server)
"""

# Urgent data; two processes that send at the same time; a FILE beside the bare socket.
PLACED = PAIR + """
client, server = pair()
client.send(b"abc")
client.send(b"!", socket.MSG_OOB)
client.send(b"def")
for size, flags in ((9, 0), (1, socket.MSG_OOB), (9, 0)):
    server.recv(size, flags)
end(client, server)
import mmap
client, server = pair()
turn = mmap.mmap(-1, 2)
def send(own, other):
    for i in range(20):
        turn[own] = i + 1
        while turn[other] <= i:
            pass
        client.send(b"%d sends its message number %02d" % (own, i) + b"!" * (own + i % 3))
child = os.fork()
if not child:
    try:
        send(0, 1)
    finally:
        os._exit(0)
send(1, 0)
os.waitpid(child, 0)
end(client, server)
"""

# A listener that closes before it accepts; an attempt whose end another connect tells.
NOT_ACCEPTED = PAIR + """
listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
listener.close()
client.close()
nobody = socket.socket()
nobody.bind(("127.0.0.1", 0))
client = socket.socket()
client.setblocking(False)
client.connect_ex(nobody.getsockname())
client.connect_ex(nobody.getsockname())
client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
client.close()
"""

UDP = """
import ctypes, socket
receiver, sender = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
receiver.bind(("127.0.0.1", 0))
sender.connect(receiver.getsockname())
sender.send(b"connected")
receiver.recv(99)
ctypes.CDLL(None).connect(sender.fileno(), bytes(16), 16)
sender.sendto(b"to nobody in particular", receiver.getsockname())
receiver.recv(99)
"""

@unittest.skipUnless(may_capture(), "needs CAP_NET_RAW")
class CausesTest(TestCase):
    def recorded(self, *command, stderr=b""):
        folder = self.temporary_folder() / "recording"
        result = record("-o", str(folder), "--iface", "lo", *command)
        if result.returncode == 77:
            self.skipTest(result.stdout.decode())
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(stderr, result.stderr)
        return inspected(folder)

    def of(self, lines, kind, connection=None):
        return [line for line in lines
                if line["type"] == kind and connection in (None, line["connection"])]

    def test_a_full_send_buffer_and_pacing_are_each_named(self):
        lines = self.recorded(*python(HELD))
        full, paced = (talk["connection"] for talk in self.of(lines, "conversation"))
        self.assertIn(self.of(lines, "send", full)[0]["hold"], ("send-buffer", "full-window"))
        self.assertEqual(self.of(lines, "send", paced)[0]["hold"], "pacing")

    def test_what_made_a_receive_wait_for_more_is_named(self):
        lines = self.recorded(*python(WAITED))
        self.assertEqual([line.get("waited_for") for line in self.of(lines, "receive")],
                         ["all", "low-water-mark"])

    def test_urgent_data_is_no_missed_call_and_calls_at_the_same_time_lie_as_on_the_wire(self):
        lines = self.recorded(*python(PLACED))
        urgent, shared = self.of(lines, "conversation")
        self.assertEqual(urgent["server_calls"]["unknown_receives"]["reason"], "urgent")
        self.assertEqual(urgent["server_calls"]["unknown_receives"]["from"], 3)
        self.assertTrue(shared["client_calls"]["aligned"])
        parent = shared["client_calls"]["pid"]
        sends = self.of(lines, "send", shared["connection"])
        self.assertEqual(len(sends), 40)
        for send in sends:
            self.assertNotIn("unordered", send)
            # The parent's messages of a round are one byte longer.
            size = send["range"]["end"] - send["range"]["begin"]
            number = sum(other["pid"] == send["pid"] and other["range"]["end"] <=
                         send["range"]["begin"] for other in sends)
            self.assertEqual(size, len("0 sends its message number 00") +
                             (send["pid"] == parent) + number % 3)

    def test_bytes_of_io_uring_are_missed_and_the_calls_behind_them_found_again(self):
        source = (ROOT / "tests/programs/src/uring_send.c").read_text(encoding="utf-8")
        lines = self.recorded(self.compiled(source, "-D_GNU_SOURCE", f"-I{ROOT}"))
        talk, = self.of(lines, "conversation")
        unknown = talk["client_calls"]["unknown_sends"]
        self.assertEqual((unknown["from"], unknown["until"]), (7, 14))
        ranges = [(line["range"]["begin"], line["range"]["end"])
                  for line in self.of(lines, "send")]
        self.assertEqual(ranges, [(0, 7), (14, 40)])

    def test_a_listener_that_did_not_accept_is_named_and_a_late_refusal_has_its_attempt(self):
        lines = self.recorded(*python(NOT_ACCEPTED))
        reset, refused = self.of(lines, "conversation")
        self.assertTrue(reset["server_calls"]["never_accepted"])
        self.assertEqual(reset["reset"], {"by": "server", "cause": "never-accepted"})
        calls = refused["client_calls"]
        self.assertEqual((calls["begin"]["errno"], calls["end"]["errno"]),
                         ("EINPROGRESS", "ECONNREFUSED"))

    def test_a_udp_socket_that_let_go_of_its_peer_has_another_port(self):
        lines = self.recorded(*python(UDP))
        told = [(line["size"], "send" in line, "packet" in line, "receive" in line, line["fate"])
                for line in self.of(lines, "datagram")]
        self.assertEqual(told, [(9, True, True, True, []), (23, True, True, True, [])])


if __name__ == "__main__":
    unittest.main()
