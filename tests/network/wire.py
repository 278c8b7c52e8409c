# SPDX-License-Identifier: Apache-2.0
"""Which packet brought which bytes first, by sequence numbers alone."""

import itertools

import network
import packets


class Wire:
    """Of one connection, from its SYN on."""

    def __init__(self, capture):
        self.first_byte = {}  # sequence number, by direction
        self.bringers = {"to-server": [], "to-client": []}  # of each byte, the packet's number
        for number, packet in packets.read(capture):
            direction = "to-client" if packet.source_port == network.PORT else "to-server"
            if packet.flags & packets.SYN:
                self.first_byte[direction] = packet.seq + 1
            elif packet.length > 0:
                begin = (packet.seq - self.first_byte[direction]) % 2**32
                self.bring(self.bringers[direction], number, begin, begin + packet.length)

    @staticmethod
    def bring(bringers, number, begin, end):
        bringers.extend([None] * (end - len(bringers)))
        for at in range(begin, end):
            if bringers[at] is None:
                bringers[at] = number

    def segments(self, direction):
        """(packet, range), gapless; a packet that fills holes has several."""
        found, begin = [], 0
        for number, run in itertools.groupby(self.bringers[direction]):
            end = begin + len(list(run))
            found.append((number, {"begin": begin, "end": end}))
            begin = end
        return found
