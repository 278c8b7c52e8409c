# SPDX-License-Identifier: Apache-2.0
"""Network namespaces for tests. Each lives as long as the process that holds it, so nothing is left
behind whatever happens to the test."""

import ctypes
import fcntl
import os
import shutil
import socket
import struct
import subprocess

TIME_LIMIT_S = 30
SIOCETHTOOL = 0x8946
# linux/ethtool.h: ETHTOOL_S{TXCSUM,SG,TSO,GSO,GRO}
OFFLOADS = (0x17, 0x19, 0x1F, 0x24, 0x2C)


def lacks():
    """Why there can't be any; None where there can."""
    for program in ("ip", "nsenter", "unshare"):
        if not shutil.which(program):
            return f"{program} is not installed"
    if os.geteuid() != 0:
        return "namespaces need root"
    tried = subprocess.run(
        ["unshare", "--net", "ip", "link", "add", "name", "one", "type", "veth"],
        capture_output=True, text=True, timeout=TIME_LIMIT_S)
    return tried.stderr.strip() or None


class Namespace:
    def __init__(self):
        self.holder = subprocess.Popen(
            ["unshare", "--net", "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.holder.stdin.write(b"\n")
        self.holder.stdin.flush()
        self.holder.stdout.readline()  # it is in its namespace when it answers
        self.pid = self.holder.pid

    def close(self):
        self.holder.kill()
        self.holder.communicate()

    def command(self, *words):
        return ["nsenter", f"--net=/proc/{self.pid}/ns/net", *map(str, words)]

    def run(self, *words):
        subprocess.run(self.command(*words), check=True, timeout=TIME_LIMIT_S)

    def start(self, *words, **options):
        return subprocess.Popen(self.command(*words), **options)


def link(one, its_end, other, others_end):
    """A veth pair between two namespaces, up at both ends."""
    one.run("ip", "link", "add", "name", its_end, "type", "veth", "peer", "name", others_end,
            "netns", other.pid)
    for namespace, interface in ((one, its_end), (other, others_end)):
        namespace.run("ip", "link", "set", "lo", "up")
        namespace.run("ip", "link", "set", interface, "up")


def set_offloads_off(interface):
    """Of this process's namespace: its packets are then what would be on a wire."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        for command in OFFLOADS:
            value = ctypes.create_string_buffer(struct.pack("II", command, 0))
            request = struct.pack("16sP8x", interface.encode(), ctypes.addressof(value))
            fcntl.ioctl(any_socket, SIOCETHTOOL, request)


if __name__ == "__main__":
    import sys
    for name in sys.argv[1:]:
        set_offloads_off(name)
