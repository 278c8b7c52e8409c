# SPDX-License-Identifier: Apache-2.0
"""What wireseam inspect says of recorded programs whose sockets are not each one process's alone,
or that end their connections in other ways than by a close when all has been read."""

import socket
import subprocess
import unittest

from recording import inspected, record
from tracing import TIME_LIMIT, WIRESEAM, TestCase, may_capture, python

needs_capture = unittest.skipUnless(may_capture(), "needs CAP_NET_RAW")

PAIR = """
import os, socket, sys
listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
server, _ = listener.accept()
"""

UNIX = """
import socket, sys
path = sys.argv[1]
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen()
clients = [socket.socket(socket.AF_UNIX) for _ in range(2)]
for client in clients:
    client.connect(path)
for text in (b"first", b"second"):
    server, _ = listener.accept()
    server.sendall(text)
    server.close()
for client in clients:
    client.recv(99)
    client.close()
"""

# Closed by who accepted it before whoever it was sent to has received it.
PASSED_ON = PAIR + """
ours, theirs = socket.socketpair()
closed, tell_closed = os.pipe()
child = os.fork()
if not child:
    client.close()
    server.close()
    os.read(closed, 1)
    received = socket.socket(fileno=socket.recv_fds(theirs, 9, 1)[1][0])
    received.recv(99)
    received.sendall(b"answer")
    received.close()
    os._exit(0)
socket.send_fds(ours, [b"x"], [server.fileno()])
server.close()
client.sendall(b"question")
os.write(tell_closed, b"y")
client.recv(99)
os.waitpid(child, 0)
client.close()
"""

SHARED_BY_FORK = PAIR + """
client.sendall(b"parent ")
child = os.fork()
if not child:
    client.sendall(b"child")
    client.close()
    os._exit(0)
os.waitpid(child, 0)
client.sendall(b" parent")
client.close()
while server.recv(99):
    pass
"""

UNREAD = PAIR + """
client.sendall(b"x" * 100)
server.recv(10)
server.close()
"""

SHUTDOWN = PAIR + """
client.sendall(b"question")
client.shutdown(socket.SHUT_WR)
while server.recv(99):
    pass
server.sendall(b"answer")
server.close()
client.recv(99)
client.close()
"""

EXEC_IN_THE_MIDDLE = PAIR + """
client.sendall(b"before ")
server.recv(99)
client.set_inheritable(True)
os.execv(sys.executable, [sys.executable, "-c", "import socket, sys\\n"
    "client = socket.socket(fileno=int(sys.argv[1]))\\n"
    "client.sendall(b'after')", str(client.fileno())])
"""

# One TCP socket with two connections, and then one that is connected to itself.
AGAIN = PAIR + """
import ctypes
client.sendall(b"to the first")
server.recv(99)
ctypes.CDLL(None).connect(client.fileno(), bytes(16), 16)
client.connect(listener.getsockname())
second, _ = listener.accept()
client.sendall(b"to the second")
second.recv(99)
for each in (client, server, second):
    each.close()
itself = socket.socket()
itself.bind(("127.0.0.1", 0))
itself.connect(itself.getsockname())
itself.sendall(b"to myself")
itself.recv(99)
itself.close()
"""

# Another thread lets go of the number under a recv that waits, and the kernel gives it away.
LET_GO_UNDER_RECV = PAIR + """
import threading, time
def waits(thread):
    with open(f"/proc/self/task/{thread.native_id}/syscall") as file:
        return file.read().split()[0] in ("45", "207")  # recvfrom, on x86-64 and AArch64
def under_recv(let_go, client, server):
    received = []
    waiting = threading.Thread(target=lambda: received.append(server.recv(99)))
    waiting.start()
    while not waits(waiting):
        time.sleep(0.001)
    let_go(server.detach())
    client.sendall(b"hello")
    waiting.join()
    assert received == [b"hello"]
    client.close()
def close(number):
    os.close(number)
    others.append(socket.create_connection(listener.getsockname()))
    assert others[0].fileno() == number
    others.append(listener.accept()[0])
def replace(number):
    os.dup2(datagrams.fileno(), number)
others, datagrams = [], socket.socket(type=socket.SOCK_DGRAM)
under_recv(close, client, server)
client = socket.create_connection(listener.getsockname())
under_recv(replace, client, listener.accept()[0])
client = socket.create_connection(listener.getsockname())
server, _ = listener.accept()
os.closerange(server.fileno(), server.detach() + 1)
client.recv(9)
"""

DATAGRAMS = """
import socket, struct
def udp(port=0, address="127.0.0.1"):
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((address, port))
    return made
UDP_SEGMENT = 103
receiver, sender = udp(), udp()
sender.connect(receiver.getsockname())
sender.sendmsg([b"a" * 10 + b"b" * 10 + b"c" * 5],
               [(socket.IPPROTO_UDP, UDP_SEGMENT, struct.pack("H", 10))])
for _ in range(3):
    receiver.recv(99)
group = socket.inet_aton("239.5.6.7"), socket.inet_aton("127.0.0.1")
members = [udp(0, "0.0.0.0")]
members.append(udp(members[0].getsockname()[1], "0.0.0.0"))
for member in members:
    member.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, b"".join(group))
speaker = udp()
speaker.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, group[1])
speaker.sendto(b"to all", ("239.5.6.7", members[0].getsockname()[1]))
for member in members:
    member.recv(99)
nobody = udp()
sender.connect(nobody.getsockname())
nobody.close()
sender.send(b"anybody?")
try:
    sender.recv(99)
except ConnectionRefusedError:
    pass
one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
one.send(b"whole")
other.recv(3)
one.close()
other.recv(3)
"""

ALONE = """
import socket, sys
with socket.socket(socket.AF_UNIX) as client:
    client.connect(sys.argv[1])
    client.sendall(b"hello")
"""


# Accepts strangers, which have told it to, before it connects to itself; of the last one nobody
# knows it, since it waits for that.
ACCEPTS_A_STRANGER = """
import socket, sys
listeners = [socket.socket(socket.AF_UNIX, kind)
             for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_STREAM)]
for i, listener in enumerate(listeners):
    listener.bind(sys.argv[1] + str(i))
    listener.listen()
print("listening", flush=True)
sys.stdin.readline()
for i, listener in enumerate(listeners):
    client = socket.socket(socket.AF_UNIX, listener.type)
    if i == 2:
        client.connect(listener.getsockname())
    stranger, _ = listener.accept()
    if i < 2:
        client.connect(listener.getsockname())
    server, _ = listener.accept()
    stranger.recv(9)
    client.sendall(b"hello")
    server.recv(9)
"""


class LanesTest(TestCase):
    def recorded(self, *command, calls_only=True):
        """The lines of inspect --json of a program that was recorded."""
        folder = self.temporary_folder() / "recording"
        options = ("--calls-only",) if calls_only else ("--iface", "lo")
        result = record("-o", str(folder), *options, *command)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        return inspected(folder)

    def of(self, lines, kind, direction=None):
        return [line for line in lines
                if line["type"] == kind and direction in (None, line.get("direction"))]

    def ranges(self, lines, kind, direction):
        return [(line["range"]["begin"], line["range"]["end"])
                for line in self.of(lines, kind, direction)]


class UnixTest(LanesTest):
    def test_connections_are_accepted_in_the_order_in_which_they_were_made(self):
        path = str(self.temporary_folder() / "socket")
        lines = self.recorded(*python(UNIX, path))
        talks = self.of(lines, "conversation")
        self.assertEqual([(talk["transport"], talk["server"]) for talk in talks],
                         [("unix", path)] * 2)
        for talk in talks:
            self.assertEqual(talk["client_calls"]["begin"]["call"], "connect")
            self.assertEqual(talk["server_calls"]["begin"]["call"], "accept4")
        sizes = [(line["connection"], line["range"]["end"])
                 for line in self.of(lines, "receive", "to-client")]
        self.assertEqual([size for _, size in sorted(sizes)], [len("first"), len("second")])

    def test_an_end_whose_peer_is_not_traced_is_shown_without_it(self):
        path = str(self.temporary_folder() / "socket")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            listener.listen()
            lines = self.recorded(*python(ALONE, path))
        talk, = self.of(lines, "conversation")
        self.assertFalse(talk["server_calls"]["traced"])
        self.assertEqual(self.ranges(lines, "send", "to-server"), [(0, 5)])


    def test_a_stranger_that_was_accepted_first_is_not_taken_for_the_client(self):
        path = str(self.temporary_folder() / "socket")
        folder = self.temporary_folder() / "recording"
        with subprocess.Popen(
                (WIRESEAM, "record", "-o", str(folder), "--calls-only",
                 *python(ACCEPTS_A_STRANGER, path)),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as recorder:
            recorder.stdout.readline()
            for i, kind in enumerate((socket.SOCK_STREAM, socket.SOCK_SEQPACKET,
                                      socket.SOCK_STREAM)):
                stranger = socket.socket(socket.AF_UNIX, kind)
                self.addCleanup(stranger.close)
                stranger.connect(path + str(i))
                stranger.send(b"stranger")
            recorder.communicate(b"\n", TIME_LIMIT)
        lines = inspected(folder)
        talks = [(talk["client_calls"]["traced"], talk["server_calls"]["received"],
                  talk["client_calls"].get("unknown_sends", {}).get("reason"))
                 for talk in self.of(lines, "conversation")]
        self.assertCountEqual(talks, [
            (False, len("stranger"), None), (True, len("hello"), None),
            (True, len("stranger"), "other-peer"), (False, len("hello"), None)])
        self.assertCountEqual(
            [(line["size"], "send" in line, "receive" in line) for line in self.of(lines, "datagram")],
            [(len("stranger"), False, True), (len("hello"), True, True)])


class SharedTest(LanesTest):
    def test_what_parent_and_child_send_on_one_socket_lies_in_one_lane(self):
        lines = self.recorded(*python(SHARED_BY_FORK))
        sends = self.of(lines, "send", "to-server")
        self.assertEqual(self.ranges(lines, "send", "to-server"), [(0, 7), (7, 12), (12, 19)])
        parent, child, again = (send["pid"] for send in sends)
        self.assertEqual(parent, again)
        self.assertNotEqual(parent, child)
        talk, = self.of(lines, "conversation")
        self.assertEqual(talk["client_calls"]["end"]["call"], "close")
        self.assertGreater(talk["client_calls"]["end"]["time"], sends[-1]["time"])

    @needs_capture
    def test_the_lanes_go_on_with_whom_the_socket_was_sent_to(self):
        lines = self.recorded(*python(PASSED_ON), calls_only=False)
        talk, = (each for each in self.of(lines, "conversation") if each["transport"] == "tcp")
        receive, = (line for line in self.of(lines, "receive", "to-server")
                    if line["connection"] == talk["connection"])
        self.assertEqual([segment["range"] for segment in receive["segments"]],
                         [{"begin": 0, "end": 8}])
        answer, = (line for line in self.of(lines, "send", "to-client")
                   if line["connection"] == talk["connection"])
        self.assertGreater(talk["server_calls"]["end"]["time"], answer["time"])

    def test_the_lanes_go_on_where_another_program_is_executed(self):
        lines = self.recorded(*python(EXEC_IN_THE_MIDDLE))
        self.assertEqual(self.ranges(lines, "send", "to-server"), [(0, 7), (7, 12)])
        first, second = self.of(lines, "send", "to-server")
        self.assertEqual(first["pid"], second["pid"])
        talk, = self.of(lines, "conversation")
        self.assertEqual(talk["server_calls"]["end"]["call"], "(exec)")
        self.assertTrue(talk["client_calls"]["aligned"])


class WhoseTest(LanesTest):
    @needs_capture
    def test_a_socket_that_is_connected_anew_has_two_conversations_and_one_may_be_both_ends(self):
        lines = self.recorded(*python(AGAIN), calls_only=False)
        first, second, itself = self.of(lines, "conversation")
        self.assertEqual([talk["client_calls"]["sent"] for talk in (first, second, itself)],
                         [len("to the first"), len("to the second"), len("to myself")])
        self.assertEqual(first["client_calls"]["end"]["how"], "AF_UNSPEC")
        self.assertEqual(first["reset"], {"by": "client", "cause": "disconnect"})
        self.assertEqual(second["client_calls"]["end"]["call"], "close")
        self.assertEqual(itself["client"], itself["server"])
        self.assertEqual(self.of(lines, "connection")[-1]["state"], "closed")
        self.assertEqual(itself["server_calls"]["received"], len("to myself"))
        self.assertEqual(self.ranges(lines, "receive", "to-client"), [])

    @needs_capture
    def test_a_recv_whose_number_was_let_go_of_belongs_to_the_socket_that_it_began_with(self):
        lines = self.recorded(*python(LET_GO_UNDER_RECV), calls_only=False)
        closed, _, replaced, ranged = self.of(lines, "conversation")
        self.assertEqual([(line["connection"], line["direction"])
                          for line in self.of(lines, "receive")],
                         [(talk["connection"], "to-server") for talk in (closed, replaced)])
        self.assertEqual([(talk["server_calls"]["received"], talk["server_calls"]["end"]["call"])
                          for talk in (closed, replaced, ranged)],
                         [(5, "close"), (5, "dup2"), (0, "close_range")])

    @needs_capture
    def test_datagrams_of_batches_groups_refusals_and_unix_sockets_are_each_told(self):
        lines = self.recorded(*python(DATAGRAMS), calls_only=False)
        told = [(line["size"], "packet" in line, 1 + len(line.get("also_received", ()))
                 if "receive" in line else 0, line["fate"])
                for line in self.of(lines, "datagram")]
        self.assertCountEqual(told, [
            (10, True, 1, []), (10, True, 1, []), (5, True, 1, []), (6, True, 2, []),
            (8, True, 0, ["unreachable"]), (5, False, 1, ["truncated"])])
        icmp, = (line["icmp"] for line in self.of(lines, "datagram") if "icmp" in line)
        self.assertEqual((icmp["reason"], icmp["told_by"]["errno"]),
                         ("port unreachable", "ECONNREFUSED"))
        self.assertEqual([talk["transport"] for talk in self.of(lines, "datagrams")].count("unix"), 1)


class EndTest(LanesTest):
    @needs_capture
    def test_a_close_with_bytes_unread_is_named_as_what_made_the_rst(self):
        lines = self.recorded(*python(UNREAD), calls_only=False)
        talk, = self.of(lines, "conversation")
        self.assertEqual(talk["reset_for_unread_bytes_by"], "server")
        self.assertEqual(talk["server_calls"]["end"]["unread_bytes"], 90)
        rst = self.of(lines, "connection")[0]["teardown"]["rst"]
        self.assertEqual(rst["direction"], "to-client")

    @needs_capture
    def test_a_shutdown_is_told_and_its_other_direction_goes_on(self):
        lines = self.recorded(*python(SHUTDOWN), calls_only=False)
        talk, = self.of(lines, "conversation")
        self.assertEqual(talk["client_calls"]["shutdown"]["how"], "SHUT_WR")
        self.assertEqual(self.ranges(lines, "receive", "to-client"), [(0, 6)])
        self.assertEqual(self.ranges(lines, "receive", "to-server"), [(0, 8)])


if __name__ == "__main__":
    unittest.main()
