# SPDX-License-Identifier: Apache-2.0
"""What strace shows of sockets and what `wireseam trace --as syscall` shows, made comparable."""

import re
import shutil
import subprocess

from harness import BUILD

# Calls that only sockets know, and those that wait for descriptors.
OF_SOCKETS = """socket socketpair bind listen accept accept4 connect getsockname getpeername
getsockopt setsockopt shutdown sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg epoll_create1
epoll_ctl epoll_wait epoll_pwait""".split()

# Calls that wireseam shows where a descriptor of theirs is a socket. strace shows them all, as libc
# and the loader use them for files: of these lines those are compared in which -yy sees a socket.
OF_DESCRIPTORS = """read write readv writev close dup dup2 dup3 fcntl ioctl sendfile splice poll
ppoll select pselect6""".split()

CALLS = OF_SOCKETS + OF_DESCRIPTORS
IS_SOCKET = re.compile(r"<(socket|TCP|UDP|UNIX|NETLINK)[^ ]*:\[")
ENDS = re.compile(r"\+\+\+ (exited|killed)")

# strace asks the kernel what any descriptor is, and who is at the other end of a UNIX socket. The
# tracer knows sockets alone, and that peer only where the trace has seen both ends made.
NOT_A_SOCKET = re.compile(r"(?<=\d)<(/|anon_inode:|pipe:)[^<>]*(<[^<>]*>)?>")
UNIX_PEER = re.compile(r"(<UNIX[^ ]*:\[\d+)->\d+")

STRACE = ["strace"]
WIRESEAM = [str(BUILD / "bin/wireseam"), "trace", "--as", "syscall"]


def strace_is_usable():
    if shutil.which("strace") is None:
        return False
    version = subprocess.run(["strace", "--version"], capture_output=True, text=True, check=False)
    tried = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False)
    return "version 6.1" in version.stdout and tried.returncode == 0


def is_about_sockets(line):
    name = re.match(r"(\w*)", line)[1]
    return name in OF_SOCKETS or bool(ENDS.match(line)) or bool(IS_SOCKET.search(line))


def comparable(text):
    """The lines of a trace taken with -yy that are about sockets. Ports, inodes and pids are called
    by the order in which they come up, times and pointers all the same."""
    numbers = {}

    def named(match):
        return numbers.setdefault(match[0], f"N{len(numbers)}")

    lines = []
    for line in text.splitlines():
        line = re.sub(r"^\d+ +", "", line)
        if not is_about_sockets(line):
            continue
        line = NOT_A_SOCKET.sub("", UNIX_PEER.sub(r"\1", line))
        line = re.sub(r" +=", " =", line)
        line = re.sub(r"0x[0-9a-f]{6,}", "POINTER", line)
        line = re.sub(r"\d+\.\d{6}", "TIME", line)
        lines.append(re.sub(r"(?<![\w.])\d{4,}(?![\w.])", named, line))
    return lines
