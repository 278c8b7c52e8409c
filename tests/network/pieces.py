# SPDX-License-Identifier: Apache-2.0
"""Two programs that send each other frames of int32 length and body, both at once: in pieces of
random sizes, by random calls.

    pieces.py serve ADDRESS PORT SEED      says "ready", talks to one client
    pieces.py connect ADDRESS PORT SEED

At its end each prints a line of JSON, what it knows: `frames` it sent (their sizes), and the calls
that moved bytes in their order, [name, bytes], of its `sends` and its `receives`."""

import json
import os
import random
import socket
import struct
import sys
import tempfile
import threading

FRAMES = 400
BODIES = ((0, 40), (0, 40), (0, 400), (400, 1400), (1400, 6000))
WRITES = (1, 4, 30, 30, 300, 300, 1448, 3000, 8000)
READS = (1, 4, 20, 20, 500, 500, 1448, 5000, 65536)
SEND_BUFFER = 16384  # so small that some sends take less than they are given


def frames(dice):
    bodies = [dice.randbytes(dice.randint(*dice.choice(BODIES))) for _ in range(FRAMES)]
    return [struct.pack("<i", len(body)) + body for body in bodies]


# Ways to send: each makes one call, and says how much it took.


def send_what_fits(connection, piece):
    try:
        return connection.send(piece, socket.MSG_DONTWAIT)
    except BlockingIOError:
        return 0


def write(connection, piece):
    return os.write(connection.fileno(), piece)


def writev(connection, piece):
    middle = len(piece) // 2
    return os.writev(connection.fileno(), [piece[:middle], piece[middle:]])


def sendmsg(connection, piece):
    return connection.sendmsg([piece[:1], piece[1:]])


def sendfile(connection, piece):
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(piece)
        return os.sendfile(connection.fileno(), file.fileno(), 0, len(piece))


SENDERS = {"send": send_what_fits, "write": write, "writev": writev, "sendmsg": sendmsg,
           "sendfile": sendfile}


# Ways to receive: each makes one call, and says how much it got.


def receive(connection, size):
    return len(connection.recv(size))


def read(connection, size):
    return len(os.read(connection.fileno(), size))


def readv(connection, size):
    return os.readv(connection.fileno(), [bytearray(1), bytearray(size)])


def recvfrom(connection, size):
    return len(connection.recvfrom(size)[0])


def recvmsg(connection, size):
    return len(connection.recvmsg(size)[0])


def look_first(connection, size):
    """MSG_PEEK moves nothing."""
    connection.recv(size, socket.MSG_PEEK)
    return receive(connection, size)


RECEIVERS = (("recv", receive), ("recv", look_first), ("read", read), ("readv", readv),
             ("recvfrom", recvfrom), ("recvmsg", recvmsg))


def send_all(connection, stream, dice, calls):
    while stream:
        name = dice.choice(list(SENDERS))
        taken = SENDERS[name](connection, stream[:dice.choice(WRITES)])
        if taken > 0:
            calls.append((name, taken))
            stream = stream[taken:]
    connection.shutdown(socket.SHUT_WR)


def receive_all(connection, dice, calls):
    while True:
        name, way = dice.choice(RECEIVERS)
        got = way(connection, dice.choice(READS))
        if got == 0:
            return
        calls.append((name, got))


def talk(connection, seed):
    dice = random.Random(seed)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, dice.choice((0, 1)))
    sent = frames(dice)
    known = {"frames": [len(frame) for frame in sent], "sends": [], "receives": []}
    sender = threading.Thread(
        target=send_all, args=(connection, b"".join(sent), dice, known["sends"]))
    sender.start()
    receive_all(connection, random.Random(f"{seed} reads"), known["receives"])
    sender.join()
    return known


def main(role, address, port, seed):
    if role == "serve":
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.create_server((address, int(port)), family=family) as listener:
            print("ready", flush=True)
            connection = listener.accept()[0]
    else:
        connection = socket.create_connection((address, int(port)))
    with connection:
        known = talk(connection, f"{seed} {role}")
    print(json.dumps(known), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
