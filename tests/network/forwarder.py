# SPDX-License-Identifier: Apache-2.0
"""Forwards Ethernet frames between two interfaces, and loses, duplicates, delays and reorders those
with TCP by a seed. What passed is written down, packet by packet, as it came in.

    forwarder.py LEFT RIGHT LOG SEED LOSS DUPLICATE REORDER

The last three are shares of all packets. Says "ready" when it is, and ends with its standard input,
when what it holds has been sent."""

import dataclasses
import heapq
import json
import random
import select
import socket
import sys
import time

import packets

DELAY_S = 0.002
HELD_BACK_S = (0.001, 0.012)  # of those to be overtaken
COPY_AFTER_S = (0, 0.003)
ETH_P_ALL = 3
PACKET_OUTGOING = 4
SO_RCVBUFFORCE = 33
LARGEST = 65536


@dataclasses.dataclass
class Shares:
    loss: float
    duplicate: float
    reorder: float


class Fate:
    """When each copy of a packet is sent on; nothing where it is lost."""

    def __init__(self, seed, shares):
        self.dice = random.Random(seed)
        self.shares = shares

    def delays(self):
        dice, shares = self.dice, self.shares
        if dice.random() < shares.loss:
            return []
        held_back = dice.uniform(*HELD_BACK_S) if dice.random() < shares.reorder else 0
        delays = [DELAY_S + held_back]
        if dice.random() < shares.duplicate:
            delays.append(delays[0] + dice.uniform(*COPY_AFTER_S))
        return delays


def open_interface(name):
    interface = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    interface.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
    interface.bind((name, 0))
    interface.setblocking(False)
    return interface


class Forwarder:
    def __init__(self, left, right, log, fate):
        self.interfaces = (left, right)
        self.log = log
        self.fate = fate
        self.held = []  # (when, how manieth, to which side, bytes)
        self.count = 0

    def run(self):
        print("ready", flush=True)
        stopping = False
        while self.held or not stopping:
            waiting = [*self.interfaces] if stopping else [*self.interfaces, sys.stdin]
            for source in select.select(waiting, [], [], self.wait_s())[0]:
                if source is sys.stdin:
                    stopping = True
                else:
                    self.take_all(self.interfaces.index(source))
            self.send_due()

    def wait_s(self):
        return max(0, self.held[0][0] - time.monotonic()) if self.held else None

    def take_all(self, side):
        try:
            while True:
                frame, address = self.interfaces[side].recvfrom(LARGEST)
                if address[2] != PACKET_OUTGOING:
                    self.take(side, frame)
        except BlockingIOError:
            pass

    def take(self, side, frame):
        is_tcp = packets.is_tcp(frame)
        delays = self.fate.delays() if is_tcp else [DELAY_S]
        if is_tcp:
            entry = {"from": side, "copies": len(delays)} | dataclasses.asdict(packets.parse(frame))
            print(json.dumps(entry), file=self.log)
        now = time.monotonic()
        for delay in delays:
            self.count += 1
            heapq.heappush(self.held, (now + delay, self.count, 1 - side, frame))

    def send_due(self):
        while self.held and self.held[0][0] <= time.monotonic():
            _, _, side, frame = heapq.heappop(self.held)
            self.interfaces[side].send(frame)


def main(left, right, log, seed, *shares):
    with open(log, "w", encoding="ascii") as file, open_interface(left) as one, \
            open_interface(right) as other:
        Forwarder(one, other, file, Fate(int(seed), Shares(*map(float, shares)))).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
