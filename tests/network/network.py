# SPDX-License-Identifier: Apache-2.0
"""Two namespaces whose programs talk while both ends are captured."""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys

import inspecting
import namespaces

HERE = pathlib.Path(__file__).resolve().parent
TIME_LIMIT_S = 90
PORT = 7000  # in a namespace of its own
SIDES = ("client", "server")
ADDRESSES = {4: ("10.99.0.1", "10.99.0.2"), 6: ("fd99::1", "fd99::2")}
PREFIX = {4: ("24",), 6: ("64", "nodad")}
PYTHON = (sys.executable, "-B")


def expect_line(program, stream, text):
    line = stream.readline()
    if text not in line:
        raise AssertionError(f"{program.args} said {line!r}, not {text!r}")


def expect_success(program):
    if program.wait(TIME_LIMIT_S) != 0:
        raise AssertionError(f"{program.args} ended with {program.returncode}")


@contextlib.contextmanager
def on_one_processor():
    """Two would hand packets over in another order than they were sent, now and then."""
    all_of_them = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(all_of_them)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_of_them)


class Network(contextlib.ExitStack):
    """Namespaces "client" and "server", each with an interface of that name."""

    def __init__(self, folder, ip_version):
        super().__init__()
        self.folder = folder
        self.addresses = ADDRESSES[ip_version]
        self.prefix, *self.flags = PREFIX[ip_version]
        self.ends = {side: self.namespace() for side in SIDES}

    def namespace(self):
        space = namespaces.Namespace()
        self.callback(space.close)
        return space

    def give_addresses(self):
        for address, side in zip(self.addresses, SIDES):
            self.ends[side].run(
                "ip", "address", "add", f"{address}/{self.prefix}", "dev", side, *self.flags)

    def join(self):
        namespaces.link(self.ends["client"], "client", self.ends["server"], "server")
        self.give_addresses()

    def turn_offloads_off(self):
        """Segments are then what fits into a packet."""
        for side in SIDES:
            self.ends[side].run(*PYTHON, HERE / "namespaces.py", side)

    def join_by_forwarder(self, seed, shares):
        """Its log is in the folder when it has ended."""
        middle = self.namespace()
        for side in SIDES:
            namespaces.link(self.ends[side], side, middle, f"to_{side}")
        self.turn_offloads_off()
        self.give_addresses()
        return self.start(
            middle, *PYTHON, HERE / "forwarder.py", "to_client", "to_server", self.folder / "log",
            seed, *shares, expected="ready", stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def start(self, space, *words, expected=None, **options):
        program = space.start(*words, **options)
        self.callback(self.end, program)
        if expected:
            expect_line(program, program.stdout or program.stderr, expected.encode())
        return program

    @staticmethod
    def end(program):
        program.kill()
        program.wait()
        for stream in (program.stdin, program.stdout, program.stderr):
            if stream:
                stream.close()

    def capture(self, side):
        return self.start(
            self.ends[side], inspecting.WIRESEAM, "inspect", "-i", side, "--totals", "-f", "tcp",
            "-w", self.folder / f"{side}.pcap", "-o", "/dev/null", expected="capturing",
            stderr=subprocess.PIPE)

    def talk(self, seed):
        def talker(side, role, **options):
            return self.start(self.ends[side], *PYTHON, HERE / "talk.py", role, self.addresses[1],
                              PORT, seed, **options)
        server = talker("server", "serve", expected="ready", stdout=subprocess.PIPE)
        client = talker("client", "connect")
        expect_success(client)
        expect_success(server)

    def record(self, seed, forwarder=None):
        """Leaves client.pcap and server.pcap in the folder."""
        captures = [self.capture(side) for side in SIDES]
        self.talk(seed)
        if forwarder:
            forwarder.stdin.close()
            expect_success(forwarder)
        for program in captures:
            program.send_signal(signal.SIGINT)
            expect_success(program)


def record(folder, seed, shares=None, ip_version=4):
    """A talk over plain veths, or through a forwarder that loses, duplicates and holds back these
    shares of all packets."""
    with contextlib.ExitStack() as stack:
        network = stack.enter_context(Network(folder, ip_version))
        if shares is None:
            network.join()
            network.record(seed)
        else:
            stack.enter_context(on_one_processor())
            network.record(seed, network.join_by_forwarder(seed, shares))
