# SPDX-License-Identifier: Apache-2.0
"""Programs that are recorded, and what a recording holds of them."""

import json
import struct

from tracing import WIRESEAM, run

FIN, SYN, RST, ACK = 1, 2, 4, 16

# Says hello to itself over TCP, and prints the port that it listened on.
CONVERSATION = """
import socket
listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
server, _ = listener.accept()
client.sendall(b"hello")
server.recv(9)
client.close()
server.close()
print(listener.getsockname()[1], flush=True)
"""


def record(*arguments, **options):
    return run(WIRESEAM, "record", *arguments, **options)


def meta(folder):
    return json.loads((folder / "meta.json").read_text(encoding="utf-8"))


def tcp_packets(folder):
    """(source port, destination port, flags, payload) of each packet of IPv4 in a part."""
    text = (folder / "wire.pcap").read_bytes()
    found = []
    at = 24
    while at < len(text):
        size = struct.unpack_from("=8xI", text, at)[0]
        # Behind the record's header and that of "any" (LINKTYPE_LINUX_SLL2).
        packet = text[at + 16 + 20:at + 16 + size]
        at += 16 + size
        if packet[9] != 6:
            continue
        segment = packet[(packet[0] & 15) * 4:]
        source, destination = struct.unpack_from("!HH", segment)
        found.append((source, destination, segment[13], segment[(segment[12] >> 4) * 4:]))
    return found


def inspected(folder, *arguments):
    """The lines of inspect --json."""
    result = run(WIRESEAM, "inspect", str(folder), "--json", *arguments)
    return [json.loads(line) for line in result.stdout.splitlines()]


def exported_calls(folder):
    """(process, name) of each call of a recording, in the order of export --to json."""
    result = run(WIRESEAM, "export", str(folder), "--to", "json")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    return [(event["process_index"], event["call"]) for event in events if event["event"] == "call"]
