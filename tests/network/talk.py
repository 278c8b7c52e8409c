# SPDX-License-Identifier: Apache-2.0
"""Two programs that send each other frames of int32 length and body, both at once.

    talk.py serve ADDRESS PORT SEED      says "ready", talks to one client
    talk.py connect ADDRESS PORT SEED

Each ends with status 1 where it did not get what the other was to send. `stream(seed, side)` is
that."""

import functools
import random
import socket
import struct
import sys
import threading

CLIENT, SERVER = 0, 1
FRAMES = {CLIENT: 3000, SERVER: 1000}
# Frames of an interactive program, of a chat, some above a segment's size.
BODIES = ((0, 40), (0, 40), (0, 400), (400, 1400), (1400, 4000))
TIME_LIMIT_S = 60


@functools.cache
def frames(seed, side):
    dice = random.Random(f"{seed} {side}")
    bodies = [dice.randbytes(dice.randint(*dice.choice(BODIES))) for _ in range(FRAMES[side])]
    return [struct.pack("<i", len(body)) + body for body in bodies]


def stream(seed, side):
    return b"".join(frames(seed, side))


def send(connection, seed, side):
    """Some frames alone, some together, some cut in the middle."""
    dice = random.Random(f"{seed} {side} writes")
    left = stream(seed, side)
    while left:
        size = dice.choice([40, 300, 1448, 3000, 20000])
        connection.sendall(left[:size])
        left = left[size:]
    connection.shutdown(socket.SHUT_WR)


def receive(connection):
    return b"".join(iter(lambda: connection.recv(65536), b""))


def talk(connection, seed, side):
    connection.settimeout(TIME_LIMIT_S)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sender = threading.Thread(target=send, args=(connection, seed, side))
    sender.start()
    received = receive(connection)
    sender.join()
    if received != stream(seed, 1 - side):
        sys.exit(f"received {len(received)} bytes that are not those that were sent")


def main(role, address, port, seed):
    if role == "serve":
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.create_server((address, int(port)), family=family) as listener:
            print("ready", flush=True)
            with listener.accept()[0] as connection:
                talk(connection, seed, SERVER)
    else:
        with socket.create_connection((address, int(port)), TIME_LIMIT_S) as connection:
            talk(connection, seed, CLIENT)


if __name__ == "__main__":
    main(*sys.argv[1:])
