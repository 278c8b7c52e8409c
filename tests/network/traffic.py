# SPDX-License-Identifier: Apache-2.0
"""Frames of int32 length and body in a TCP connection on loopback, one send each.

    traffic.py COUNT PAUSE_S

Says "sent" when all have been received. The connection stays open until standard input ends, so
that no later packet shows the earlier ones."""

import socket
import struct
import sys
import threading
import time

BODY = b"a small frame of a program that is talkative"
FRAME = struct.pack("<i", len(BODY)) + BODY


def receive_all(connection, size):
    while size > 0:
        size -= len(connection.recv(65536))


def main(count, pause_s):
    with socket.create_server(("127.0.0.1", 0)) as listener, \
            socket.create_connection(listener.getsockname()) as client, \
            listener.accept()[0] as server:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        receiver = threading.Thread(target=receive_all, args=(server, count * len(FRAME)))
        receiver.start()
        for _ in range(count):
            client.sendall(FRAME)
            time.sleep(pause_s)
        receiver.join()
        print("sent", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
