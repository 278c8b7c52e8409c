# SPDX-License-Identifier: Apache-2.0
"""A proxy that keeps what a client and a server say, and what wireseam's framings make of it."""

import os
import shutil
import socket
import subprocess
import threading
import time
import unittest

CUT_CONVERSATION = os.environ["CUT_CONVERSATION"]
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
DEADLINE_S = 30


def program(name, path=PATH):
    found = shutil.which(name, path=path)
    if not found:
        raise unittest.SkipTest(f"there is no {name}")
    return found


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def wait_until(holds):
    end = time.monotonic() + DEADLINE_S
    while not holds():
        if time.monotonic() > end:
            raise AssertionError("it takes too long")
        time.sleep(0.02)


def wait_for(port, process):
    """Until somebody listens there."""

    def listens():
        if process.poll() is not None:
            raise AssertionError(f"{process.args[0]} has ended")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            return False
        return True

    wait_until(listens)


class Proxy:
    """Passes connections on to a port of loopback. `packets` is what the last one said: (b"c" or
    b"s", bytes), in order."""

    def __init__(self, target):
        self.target = target
        self.packets = []
        self.sockets = []
        self.threads = []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.accepting = threading.Thread(target=self.accept, daemon=True)
        self.accepting.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        for thread in (self.accepting, *self.threads):
            thread.join(DEADLINE_S)
        for one in self.sockets:
            one.close()

    def accept(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target), DEADLINE_S)
            self.sockets += [client, server]
            self.packets = []
            for side, source, sink in ((b"c", client, server), (b"s", server, client)):
                thread = threading.Thread(target=self.pass_on, daemon=True,
                                          args=(side, source, sink, self.packets))
                self.threads.append(thread)
                thread.start()

    @staticmethod
    def pass_on(side, source, sink, packets):
        try:
            while piece := source.recv(65536):
                packets.append((side, piece))
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def said(packets, side):
    return b"".join(piece for who, piece in packets if who == side)


def cut(packets, framing, port):
    """The chosen framing's name, and the frames' bytes by side. Fails if any byte is in no frame."""
    text = b"".join(side + len(piece).to_bytes(4, "big") + piece for side, piece in packets)
    result = subprocess.run([CUT_CONVERSATION, framing, str(port)], input=text, check=True,
                            stdout=subprocess.PIPE, timeout=DEADLINE_S)
    first, *lines = result.stdout.decode().splitlines()
    frames = {"c": [], "s": []}
    for line in lines:
        side, begin, end, *reason = line.split()
        assert not reason, line
        assert int(begin) == sum(map(len, frames[side])), line
        frames[side].append(said(packets, side.encode())[int(begin):int(end)])
    name = first.removeprefix("framing ").partition(":")[0]
    if name != "raw":
        for side, of_side in frames.items():
            assert b"".join(of_side) == said(packets, side.encode()), side
    return name, frames["c"], frames["s"]


def in_pieces(packets, size):
    """The same, as packets of at most this size would have brought it."""
    return [(side, piece[at:at + size]) for side, piece in packets
            for at in range(0, len(piece), size)]
