# SPDX-License-Identifier: Apache-2.0
"""What RSTs, SYNs and FINs mean to Linux is what wireseam inspect says of them: the kernel is one end
of connections whose other end this program makes up, packet by packet, behind a TUN device."""

import errno
import fcntl
import os
import pathlib
import select
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "inspector"))

import captures  # noqa: E402
import inspecting  # noqa: E402
import namespaces  # noqa: E402
from captures import ACK, FIN, RST, SYN, TCP, Captured, ipv4  # noqa: E402

INSIDE = "WIRESEAM_INSIDE_NAMESPACE"
KERNEL, PEER = "10.9.0.1", "10.9.0.2"
PORT = 9100
ISN = 1_000_000
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000
ESTABLISHED, SYN_SENT, CLOSED = 1, 2, 7  # include/net/tcp_states.h
TIME_LIMIT_S = 10


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packet(ports, seq, ack, flags, payload=b""):
    """From the peer to the kernel, with its checksums."""
    segment = captures.tcp(seq, ack, flags, payload, ports=ports)
    pseudo = socket.inet_aton(PEER) + socket.inet_aton(KERNEL) + struct.pack(
        "!HH", TCP, len(segment))
    sum_ = checksum(pseudo + segment + b"\0" * (len(segment) % 2))
    segment = segment[:16] + struct.pack("!H", sum_) + segment[18:]
    whole = ipv4(segment, PEER, KERNEL)
    return whole[:10] + struct.pack("!H", checksum(whole[:20])) + whole[12:]


class Segment:
    """One that the kernel has sent."""

    def __init__(self, raw):
        self.ports = struct.unpack_from("!HH", raw, 20)
        self.seq, self.ack, _, self.flags, self.window = struct.unpack_from("!IIBBH", raw, 24)


class Wire:
    """The TUN device, and all that went over it to and from ports of the peer above `ports`: the
    kernel still sends again what belonged to another test."""

    def __init__(self, ports):
        self.packets, self.above = [], ports
        self.tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self.tun, TUNSETIFF, struct.pack("16sH22x", b"peer", IFF_TUN | IFF_NO_PI))
        for command in (f"addr add {KERNEL}/24 dev peer", "link set peer up"):
            subprocess.run(["ip", *command.split()], check=True, timeout=TIME_LIMIT_S)

    def keep(self, raw):
        self.packets.append(Captured(raw, time.time_ns()))

    def answers(self):
        """What the kernel has sent by now."""
        found = []
        while True:
            try:
                raw = os.read(self.tun, 65536)
            except BlockingIOError:
                return found
            if raw[0] >> 4 == 4 and raw[9] == TCP and Segment(raw).ports[1] > self.above:
                self.keep(raw)
                found.append(Segment(raw))

    def answer(self):
        """The next one, which has to come."""
        while not (found := self.answers()):
            if not select.select([self.tun], [], [], TIME_LIMIT_S)[0]:
                raise TimeoutError("the kernel has sent nothing")
        return found[-1]

    def send(self, *fields):
        """The kernel has taken it when this returns."""
        raw = packet(*fields)
        self.keep(raw)
        os.write(self.tun, raw)
        return self.answers()


def state(connection):
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]


class Talk:
    """A connection of the kernel's server with a client that is made up."""

    def __init__(self, test, port, isn=ISN):
        self.test, self.wire, self.ports, self.isn = test, test.wire, (port, PORT), isn

    def syn(self):
        answers = self.wire.send(self.ports, self.isn, 0, SYN)
        self.next, self.ack, self.window = self.isn + 1, 0, 0
        if answers and answers[-1].flags & SYN:
            self.ack, self.window = answers[-1].seq + 1, answers[-1].window
        return answers

    def open(self):
        self.syn()
        self.send(ACK)
        self.socket, _ = self.test.listener.accept()
        self.test.addCleanup(self.socket.close)
        return self

    def send(self, flags, payload=b"", offset=0):
        """`offset`: how far from what the kernel expects."""
        return self.wire.send(self.ports, (self.next + offset) % 2**32, self.ack, flags, payload)


class Kernel(unittest.TestCase):
    port = 40000  # what is left of a test's connections outlives it

    def setUp(self):
        self.wire = Wire(Kernel.port)
        self.addCleanup(os.close, self.wire.tun)
        self.listener = socket.create_server((KERNEL, PORT))
        self.listener.settimeout(TIME_LIMIT_S)
        self.addCleanup(self.listener.close)

    def talk(self, isn=ISN):
        Kernel.port += 1
        return Talk(self, self.port, isn)

    def connecting(self):
        """A socket that connects to the peer, and its SYN."""
        Kernel.port += 1
        connection = socket.socket()
        self.addCleanup(connection.close)
        connection.setblocking(False)
        connection.connect_ex((PEER, self.port))
        return connection, self.wire.answer()

    def said(self):
        """The connections in the order of their beginning, and the causes of notes by connection."""
        self.wire.answers()
        with tempfile.TemporaryDirectory() as folder:
            capture = pathlib.Path(folder) / "kernel.pcap"
            capture.write_bytes(captures.pcap(self.wire.packets))
            lines = inspecting.inspect(capture)
        found = sorted((line for line in lines if line["type"] == "connection"),
                       key=lambda line: line["connection"])
        causes = {line["connection"]: [] for line in found}
        for line in lines:
            if line["type"] == "note":
                causes[line["connection"]].append(line["cause"])
        return found, causes

    def assert_states(self, *expected):
        self.assertEqual([line["state"] for line in self.said()[0]], list(expected))

    def test_an_rst_resets_where_the_kernel_takes_it(self):
        window = self.talk().open().window
        taken = []
        for offset in (0, -1, 1, window - 1, window, window + 1, 500_000_000, -500_000_000):
            talk = self.talk().open()
            talk.send(RST, offset=offset)
            taken.append(state(talk.socket) == CLOSED)
        self.assertEqual(taken, [True, *[False] * 7])
        self.assert_states("open", "reset", *["open"] * 7)

    def test_an_rst_behind_bytes_that_lack_does_as_the_kernel_does(self):
        talk = self.talk().open()
        talk.send(ACK, b"world", offset=5)
        talk.send(RST, offset=10)
        known = {True: {"reset"}, False: {"open", "reset"}}  # without SACK nobody can know
        self.assertIn(self.said()[0][0]["state"], known[state(talk.socket) == CLOSED])

    def test_before_the_handshake_is_complete_an_rst_resets_where_the_kernel_takes_it(self):
        expected = []
        for offset in (0, -1, 500_000):
            talk = self.talk()
            talk.syn()
            talk.send(RST, offset=offset)
            answers = talk.send(ACK, b"x")
            expected.append("half-open" if answers[-1].flags & RST else "open")
        self.assertEqual(expected, ["half-open", "open", "open"])
        self.assert_states(*expected)

    def test_in_syn_sent_an_rst_has_to_acknowledge_the_syn(self):
        for wrong, flags in ((0, RST | ACK), (77, RST | ACK), (-1, RST | ACK), (0, RST)):
            connection, syn = self.connecting()
            self.wire.send(syn.ports[::-1], 0, syn.seq + 1 + wrong, flags)
            refused = wrong == 0 and flags & ACK
            self.assertEqual(state(connection), CLOSED if refused else SYN_SENT)
            if refused:
                self.assertEqual(connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR),
                                 errno.ECONNREFUSED)
                continue
            self.wire.send(syn.ports[::-1], ISN, syn.seq + 1, SYN | ACK)
            self.assertEqual(state(connection), ESTABLISHED)
        self.assert_states("refused", "open", "open", "open")

    def test_a_syn_ack_of_another_number_changes_nothing(self):
        connection, syn = self.connecting()
        self.wire.send(syn.ports[::-1], ISN, syn.seq + 99, SYN | ACK)
        self.assertEqual(state(connection), SYN_SENT)
        self.wire.send(syn.ports[::-1], ISN, syn.seq + 1, SYN | ACK)
        self.wire.send(syn.ports[::-1], ISN + 97_000, syn.seq + 1, SYN | ACK)
        self.wire.send(syn.ports[::-1], ISN + 1, syn.seq + 1, ACK, b"hello")
        self.assertEqual(connection.recv(100), b"hello")
        found, causes = self.said()
        self.assertEqual([line["state"] for line in found], ["open"])
        self.assertEqual(found[0]["to_client"]["stream_bytes"], 5)
        self.assertIn("ignored-wrong-ack", causes[1])
        self.assertIn("ignored-syn", causes[1])

    def test_a_fin_from_elsewhere_does_not_close(self):
        talk = self.talk().open()
        for offset in (-9_000_000, talk.window + 1, 500_000):
            talk.send(FIN | ACK, offset=offset)
            self.assertEqual(state(talk.socket), ESTABLISHED)
        talk.send(ACK, b"hello")
        self.assertEqual(talk.socket.recv(100), b"hello")
        self.assert_states("open")

    def test_a_client_that_forgot_its_connection_resets_that_and_gets_another(self):
        first = self.talk().open()
        first.send(ACK, b"hello")
        again = Talk(self, first.ports[0], ISN + 5_000_000)
        challenge = again.syn()[-1]
        self.assertEqual((challenge.flags, challenge.ack), (ACK, ISN + 6))
        self.assertEqual(state(first.socket), ESTABLISHED)
        self.wire.send(first.ports, challenge.ack, 0, RST)
        self.assertEqual(state(first.socket), CLOSED)
        again.open()
        again.send(ACK, b"again")
        self.assertEqual(again.socket.recv(100), b"again")
        found, causes = self.said()
        self.assertEqual([line["state"] for line in found], ["reset", "open"])
        self.assertEqual(found[1]["handshake"]["syns"], 2)
        self.assertIn("ignored-syn", causes[2])

    def test_a_syn_of_another_that_is_not_followed_by_an_rst_changes_nothing(self):
        talk = self.talk().open()
        for seq in (ISN + 100, ISN + 5_000_000, ISN - 5_000_000):
            self.wire.send(talk.ports, seq, 0, SYN)
        talk.send(ACK, b"hello")
        self.assertEqual(talk.socket.recv(100), b"hello")
        found, _ = self.said()
        self.assertEqual(found[0]["state"], "open")
        self.assertEqual(found[0]["to_server"]["stream_bytes"], 5)
        self.assertEqual({line["state"] for line in found[1:]}, {"no-answer"})

    def test_time_wait_gives_way_to_a_newer_syn_alone(self):
        talk = self.talk().open()
        talk.socket.close()
        talk.ack += 1
        talk.send(FIN | ACK)
        older = Talk(self, talk.ports[0], ISN - 5_000_000)
        self.assertEqual(older.syn()[-1].flags, ACK)
        newer = Talk(self, talk.ports[0], ISN + 5_000_000).open()
        self.assertEqual(state(newer.socket), ESTABLISHED)
        self.assert_states("closed", "no-answer", "open")


if __name__ == "__main__":
    lacks = namespaces.lacks()
    if lacks is None and not os.path.exists("/dev/net/tun"):
        lacks = "there is no /dev/net/tun"
    if lacks is not None:
        print(f"skipped: {lacks}")
        sys.exit(inspecting.SKIPPED)
    if INSIDE not in os.environ:
        inside = {**os.environ, INSIDE: "1"}
        os.execvpe("unshare", ["unshare", "--net", sys.executable, "-B", *sys.argv], inside)
    inspecting.run_tests()
