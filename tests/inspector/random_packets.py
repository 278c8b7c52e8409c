# SPDX-License-Identifier: Apache-2.0
"""A capture of TCP packets that no program would send in this order: what is said of them is said
by definitions alone. Each connection stays near its own sequence numbers, so that holes, repeats,
duplicate ACKs, probes and keep-alives come up all the time."""

import dataclasses
import random
import struct

FIN, SYN, RST, ACK = 1, 2, 4, 16
LINKTYPE_RAW = 101
PACKETS = 40  # of each connection
# Below and above the thresholds of Wireshark's definitions.
PAUSES_NS = (1_000, 100_000, 2_000_000, 5_000_000, 30_000_000)


@dataclasses.dataclass
class End:
    number: int  # 0: the client
    next_seq: int
    last_ack: int = 0
    window: int = 0


@dataclasses.dataclass
class Tcp:
    seq: int
    ack: int
    flags: int
    window: int
    options: bytes = b""
    payload: bytes = b""


def address(end):
    return bytes([10, 0, 0, 1 + end])


def datagram(sender, port, tcp):
    ports = (port, 80) if sender == 0 else (80, port)
    segment = struct.pack(
        "!HHIIBBHHH", *ports, tcp.seq % 2**32, tcp.ack % 2**32, (5 + len(tcp.options) // 4) << 4,
        tcp.flags, tcp.window, 0, 0) + tcp.options + tcp.payload
    return struct.pack(
        "!BBHHHBBH4s4s", 0x45, 0, 20 + len(segment), 0, 0, 64, 6, 0, address(sender),
        address(1 - sender)) + segment


def window_scale(dice):
    shift = dice.choice([None, 0, 2, 7])
    return b"" if shift is None else bytes([3, 3, shift, 1])


def handshake(dice, ends):
    """SYN and SYN/ACK; either may be missing."""
    client, server = ends
    syn = (client, Tcp(client.next_seq, 0, SYN, client.window, window_scale(dice)))
    answer = (server, Tcp(server.next_seq, client.next_seq + 1, SYN | ACK, server.window,
                          window_scale(dice)))
    client.next_seq += 1
    server.next_seq += 1
    client.last_ack, server.last_ack = server.next_seq, client.next_seq
    return [packet for packet in (syn, answer) if dice.random() < 0.9]


def sacks(dice, ack):
    blocks = [ack + dice.choice([10, 20, 30, -20]) for _ in range(dice.randint(1, 4))]
    return struct.pack("!BBBB", 1, 1, 5, 2 + 8 * len(blocks)) + b"".join(
        struct.pack("!II", block % 2**32, (block + 10) % 2**32) for block in blocks)


def any_segment(dice, sender, peer):
    seq = sender.next_seq + dice.choices(
        [0, -1, -10, -11, -20, -30, 1, 10, 20], [50, 10, 4, 2, 4, 2, 3, 3, 3])[0]
    ack = dice.choices(
        [sender.last_ack, peer.next_seq, sender.last_ack + 1, sender.last_ack + 10,
         sender.last_ack - 10, peer.next_seq + dice.choice([1, 10, 20])],
        [55, 30, 5, 5, 3, 5])[0]
    flags = dice.choices([ACK, ACK | FIN, ACK | RST, RST], [965, 20, 10, 5])[0]
    if dice.random() < 0.15:
        sender.window = dice.choice([0, 0, 5, 10, 20, 1000])
    payload = dice.randbytes(dice.choice([0, 0, 0, 1, 2, 10, 10, 10, 20]))
    sender.next_seq = max(sender.next_seq, seq + len(payload) + flags % 2)
    sender.last_ack = ack
    options = sacks(dice, ack) if dice.random() < 0.1 else b""
    return Tcp(seq, ack, flags, sender.window, options, payload)


def conversation(dice):
    """(sender, Tcp) for each packet."""
    ends = [End(number, dice.choice([1000, 2**32 - 60, dice.randrange(2**32)]))
            for number in range(2)]
    for end in ends:
        end.last_ack = ends[1 - end.number].next_seq
        end.window = dice.choice([0, 5, 100, 1000])
    packets = handshake(dice, ends) if dice.random() < 0.7 else []
    for _ in range(PACKETS):
        sender = dice.choice(ends)
        packets.append((sender, any_segment(dice, sender, ends[1 - sender.number])))
    return packets


def write_packets(path, packets):
    """(sender, port, Tcp, nanoseconds since the packet before), for each."""
    now_ns = 1_700_000_000 * 10**9
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, LINKTYPE_RAW))
        for sender, port, tcp, pause_ns in packets:
            now_ns += pause_ns
            packet = datagram(sender, port, tcp)
            file.write(struct.pack("<IIII", *divmod(now_ns, 10**9), len(packet), len(packet)))
            file.write(packet)


def write(path, seed, connections):
    dice = random.Random(seed)
    write_packets(path, (
        (sender.number, port, tcp, dice.choice(PAUSES_NS))
        for port in range(10_000, 10_000 + connections)
        for sender, tcp in conversation(dice)))
