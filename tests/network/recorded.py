# SPDX-License-Identifier: Apache-2.0
"""Two programs talk in pieces between namespaces, each under wireseam record or not."""

import contextlib
import dataclasses
import json
import subprocess

import inspecting
import network

FRAMING = "len32le"
ROLES = {"server": "serve", "client": "connect"}


@dataclasses.dataclass(frozen=True)
class Kind:
    name: str
    ip_version: int = 4
    shares: tuple = None  # lost, duplicated, held back; None: plain veths
    recorded: tuple = network.SIDES


@dataclasses.dataclass
class Direction:
    """What its two programs know of it."""

    frames: list  # ranges
    sends: list  # [name, range]
    receives: list

    @property
    def size(self):
        return self.frames[-1]["end"]


def ranges(sizes):
    """As they follow each other."""
    at = 0
    for size in sizes:
        yield {"begin": at, "end": at + size}
        at += size


def calls(pieces):
    return list(zip((name for name, _ in pieces), ranges(size for _, size in pieces)))


def direction(sender, receiver):
    return Direction(list(ranges(sender["frames"])), calls(sender["sends"]),
                     calls(receiver["receives"]))


class Recording:
    """A folder, and by their names in JSON what is known of both directions."""

    def __init__(self, folder, kind):
        self.folder = folder
        self.kind = kind
        self.known = {}

    def recorder(self, side):
        """The words in front of a program."""
        if side not in self.kind.recorded:
            return ()
        place = "--join" if self.folder.exists() else "-o"
        return inspecting.WIRESEAM, "record", place, self.folder, "--framing", FRAMING, "--"

    def start(self, net, side, seed, expected=None):
        return net.start(
            net.ends[side], *self.recorder(side), *network.PYTHON, network.HERE / "pieces.py",
            ROLES[side], net.addresses[1], network.PORT, seed, expected=expected,
            stdout=subprocess.PIPE)

    def talk(self, net, seed):
        server = self.start(net, "server", seed, expected="ready")
        client = self.start(net, "client", seed)
        at_client, at_server = (json.loads(end.stdout.readline()) for end in (client, server))
        network.expect_success(client)
        network.expect_success(server)
        self.known = {"to-server": direction(at_client, at_server),
                      "to-client": direction(at_server, at_client)}

    def lines(self, *options):
        return inspecting.inspect(self.folder, *options)


def record(folder, kind, seed):
    recording = Recording(folder, kind)
    with contextlib.ExitStack() as stack:
        net = stack.enter_context(network.Network(folder.parent, kind.ip_version))
        if kind.shares is None:
            net.join()
            net.turn_offloads_off()
        else:
            net.join_by_forwarder(seed, kind.shares)
        recording.talk(net, seed)
    return recording
