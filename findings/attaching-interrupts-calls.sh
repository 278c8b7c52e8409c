#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# strace 6.1 on Linux 6.18: attaching to a program that has no signal handler makes its epoll_wait()
# return -1 with EINTR, and likewise recv() with SO_RCVTIMEO; poll() and a plain recv() go on. The
# calls that signal(7) names as interrupted by stop signals are so by ptrace(2), too: a C program
# that takes EINTR for impossible, since it handles no signal, ends when one looks at it.
# Needs strace, on which nothing is installed here.
set -euo pipefail
seen=$(python3 - <<'END'
import ctypes, errno, os, socket, struct, subprocess, tempfile, time

libc = ctypes.CDLL(None, use_errno=True)

def epoll_wait():
    return libc.epoll_wait(libc.epoll_create1(0), ctypes.create_string_buffer(12), 1, 3000)

def poll():
    return libc.poll(None, 0, 3000)

def recv_with_time_out():
    mine, _ = pair = socket.socketpair()
    mine.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 3, 0))
    return libc.recv(pair[0].fileno(), ctypes.create_string_buffer(9), 9, 0)

def waits(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        return stat.read().rpartition(")")[2].split()[0] == "S"

for call in epoll_wait, poll, recv_with_time_out:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        result = call()
        error = errno.errorcode[ctypes.get_errno()] if result < 0 else ""
        os.write(writer, f"{call.__name__} {result} {error}".strip().encode())
        os._exit(0)
    os.close(writer)
    time.sleep(0.2)
    while not waits(child):
        time.sleep(0.01)
    with tempfile.NamedTemporaryFile() as log:
        subprocess.run(["strace", "-p", str(child), "-o", log.name], stderr=subprocess.DEVNULL,
                       check=True)
    print(os.read(reader, 100).decode())
    os.waitpid(child, 0)
END
)
echo "$(uname -sr), $(strace --version | head -1)"
echo "$seen"
[[ $seen == "epoll_wait -1 EINTR
poll 0
recv_with_time_out -1 EINTR" ]]
