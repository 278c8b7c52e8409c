# SPDX-License-Identifier: Apache-2.0
"""What happened to each packet of a capture, by the forwarder's log, as far as the capture can show
it; and how much of what was said of it is right."""

import collections
import json

import packets

RETRANSMISSIONS = {
    "retransmission", "fast-retransmission", "tail-probe", "spurious-retransmission"}
BEHIND = RETRANSMISSIONS | {"reordered", "network-duplicate"}
RIGHT = {
    "retransmission": RETRANSMISSIONS,
    "reordered": {"reordered"},
    "network-duplicate": {"network-duplicate"},
    "either": RETRANSMISSIONS | {"reordered"},  # sent again, and overtaken
    "ack-reordered": {"reordered"},
    "ack-duplicate": {"network-duplicate"},
}
OF_DATA = ("forward", "retransmission", "reordered", "network-duplicate", "either")
ALL = (*OF_DATA, "ack-reordered", "ack-duplicate")


class Line:
    """Positions in one side's stream, from its first sequence number on."""

    def __init__(self):
        self.first_seq = None
        self.newest = 0

    def goes_back(self, packet):
        """Whether it begins before the newest byte so far; what it brings is newest then."""
        if self.first_seq is None:
            self.first_seq = packet.seq
        begin = (packet.seq - self.first_seq) % 2**32
        back = begin < self.newest
        if packet.carries:
            self.newest = max(begin + packet.size, self.newest)
        return back


class Log:
    """The packets of each side in the order in which the forwarder got them."""

    def __init__(self, path):
        self.order = {}  # fingerprint -> how manieth
        self.sent_again = set()  # fingerprints
        self.alike = set()  # of those sent twice as the same bytes: without an IP ID
        self.copies = collections.Counter()
        lines = (Line(), Line())
        with open(path, encoding="ascii") as file:
            for number, line in enumerate(file):
                entry = json.loads(line)
                side, copies = entry.pop("from"), entry.pop("copies")
                packet = packets.TcpPacket(**entry)
                self.copies[copies] += 1
                if packet.fingerprint in self.order:
                    self.alike.add(packet.fingerprint)
                self.order[packet.fingerprint] = number
                if lines[side].goes_back(packet) and packet.carries:
                    self.sent_again.add(packet.fingerprint)


class Seen:
    """What one direction of the capture has shown so far."""

    def __init__(self):
        self.sent = set()
        self.newest_sent = -1
        self.line = Line()

    def judge(self, packet, log):
        sent = log.order[packet.fingerprint]
        copy = sent in self.sent
        overtaken = sent < self.newest_sent
        self.sent.add(sent)
        self.newest_sent = max(sent, self.newest_sent)
        goes_back = self.line.goes_back(packet)
        if copy:
            return "network-duplicate" if packet.carries else "ack-duplicate"
        if not packet.carries:
            return "ack-reordered" if overtaken else "forward"
        if not goes_back:
            return "forward"
        if packet.fingerprint in log.sent_again:
            return "either" if overtaken else "retransmission"
        return "reordered"


def truths(capture, log):
    """(number, what it was), for each packet of the capture of which the log knows."""
    seen = collections.defaultdict(Seen)
    for number, packet in packets.read(capture):
        if packet.fingerprint in log.alike:
            continue
        yield number, seen[packet.source_port].judge(packet, log)


class Confusion:
    """What was, and what was said."""

    def __init__(self):
        self.counts = collections.Counter()
        self.examples = {}

    def add(self, truth, cause, where):
        self.counts[truth, cause] += 1
        self.examples.setdefault((truth, cause), where)

    @staticmethod
    def is_right(truth, cause):
        return cause in RIGHT[truth] if truth in RIGHT else cause not in BEHIND

    def share_right(self, truth):
        of_it = {key: count for key, count in self.counts.items() if key[0] == truth}
        right = sum(count for key, count in of_it.items() if self.is_right(*key))
        return right / sum(of_it.values()) if of_it else 1

    def __str__(self):
        return "\n".join(
            f"{count} x {truth} called {cause}, first {self.examples[truth, cause]}"
            + ("" if self.is_right(truth, cause) else "  (wrong)")
            for (truth, cause), count in sorted(self.counts.items()))
