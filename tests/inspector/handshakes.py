# SPDX-License-Identifier: Apache-2.0
"""A capture of openings: tries, refusals, ports used again, and packets that overtook each other."""

from random_packets import ACK, FIN, RST, SYN, Tcp, write_packets

CLIENT, SERVER = 0, 1
WINDOW = 100


def client(seq, ack, flags, payload=b""):
    return CLIENT, Tcp(seq, ack, flags, WINDOW, payload=payload)


def server(seq, ack, flags, payload=b""):
    return SERVER, Tcp(seq, ack, flags, WINDOW, payload=payload)


def shake_hands(client_isn, server_isn):
    return [client(client_isn, 0, SYN),
            server(server_isn, client_isn + 1, SYN | ACK),
            client(client_isn + 1, server_isn + 1, ACK)]


def talk(client_isn, server_isn):
    return [client(client_isn + 1, server_isn + 1, ACK, b"question"),
            server(server_isn + 1, client_isn + 9, ACK, b"answer")]


def close(client_isn, server_isn):
    return [client(client_isn + 1, server_isn + 1, ACK | FIN),
            server(server_isn + 1, client_isn + 2, ACK | FIN),
            client(client_isn + 2, server_isn + 2, ACK)]


def again(client_isn, server_isn):
    return shake_hands(client_isn, server_isn) + talk(client_isn, server_isn)


CHALLENGE = server(5001, 1001, ACK)
FORGOTTEN = client(1001, 0, RST)
REFUSAL = server(0, 1001, RST | ACK)
OPENINGS = {
    "the SYN sent twice": [client(1000, 0, SYN), *again(1000, 5000)],
    "refused, tried again with the same number": [
        client(1000, 0, SYN), REFUSAL, *again(1000, 5000)],
    "refused, tried again with another number": [
        client(1000, 0, SYN), REFUSAL, *again(2000, 5000)],
    "closed, then opened again": [
        *shake_hands(1000, 5000), *close(1000, 5000), *again(9000, 7000)],
    "closed, then opened again with the same numbers": [
        *shake_hands(1000, 5000), *close(1000, 5000), *again(1000, 5000)],
    "half closed, then opened again": [
        *shake_hands(1000, 5000), client(1001, 5001, ACK | FIN), server(5001, 1002, ACK),
        *again(3000, 6000)],
    "the client forgot, and its SYN was challenged": [
        *shake_hands(1000, 5000), client(9000, 0, SYN), CHALLENGE, FORGOTTEN,
        *again(9000, 7000)],
    "a late copy of the SYN": [
        *shake_hands(1000, 5000), client(1000, 0, SYN), server(5001, 1001, ACK),
        *talk(1000, 5000)],
    "two different answers": [
        client(1000, 0, SYN), server(5000, 1001, SYN | ACK), server(6000, 1001, SYN | ACK),
        client(1001, 6001, ACK), *talk(1000, 6000)],
    "opened again where the capture has begun late": [
        *talk(1000, 5000), *again(3000, 6000)],
    "data with the SYN": [
        client(1000, 0, SYN, b"question"), server(5000, 1009, SYN | ACK),
        client(1009, 5001, ACK)],
    "both at once": [
        client(1000, 0, SYN), server(5000, 0, SYN), client(1000, 5001, SYN | ACK),
        server(5000, 1001, SYN | ACK), client(1001, 5001, ACK), *talk(1000, 5000)],
    "the answer overtook the SYN": [
        server(5000, 1001, SYN | ACK), client(1000, 0, SYN), client(1001, 5001, ACK),
        *talk(1000, 5000)],
}


def all_packets():
    """(port, pause, packet) for each."""
    return [(port, pause_ns, packet)
            for first_port, pause_ns in ((10_000, 1_000_000), (20_000, 300_000_000))
            for port, packets in enumerate(OPENINGS.values(), first_port)
            for packet in packets]


def of_the_older():
    """The numbers of the packets that belong to a connection behind which another has begun."""
    return {number for number, (_, _, packet) in enumerate(all_packets(), 1)
            if packet is CHALLENGE or packet is FORGOTTEN}


def write(path):
    write_packets(path, (
        (sender, port, tcp, pause_ns) for port, pause_ns, (sender, tcp) in all_packets()))
