# SPDX-License-Identifier: Apache-2.0
"""What tshark says of each packet of a capture, and where wireseam inspect differs."""

import collections
import decimal
import re
import shutil
import subprocess

import inspecting

VERSION = "4.0."  # the definitions change from one to the next

# As tshark names them; where JSON has another name, it stands behind.
NAMES = [
    "retransmission", "fast_retransmission", "spurious_retransmission", "out_of_order",
    "lost_segment", "ack_lost_segment", "zero_window", "zero_window_probe",
    "zero_window_probe_ack", "window_full", "window_update", "keep_alive", "keep_alive_ack",
    "duplicate_ack", "reused_ports", "tfo_syn", "tfo_ack", "tfo_ignored"]
NUMBERS = {
    "bytes_in_flight": "bytes_in_flight", "acks_frame": "acks_packet",
    "duplicate_ack_num": "duplicate_acks"}
TIMES = {"ack_rtt": "ack_rtt_ns"}


def lacks():
    """Why the comparison can't be made; None where it can."""
    if not shutil.which("tshark"):
        return "tshark is not installed"
    version = subprocess.run(
        ["tshark", "--version"], capture_output=True, text=True, timeout=60).stdout
    found = re.search(r"\d+\.\d+\.\d+", version)
    if not found or not found[0].startswith(VERSION):
        return f"tshark is {found and found[0]}, not {VERSION}x"
    return None


def nanoseconds(seconds):
    return int(decimal.Decimal(seconds) * 10**9)


def fields(capture, *names, passes=1, which="tcp"):
    """A list of values for each of those packets; the empty text for what one lacks."""
    command = ["tshark", "-n", "-r", capture, "-Y", which, "-T", "fields"]
    if passes == 2:
        command.append("-2")  # what is known at a conversation's end is said of each packet
    for name in names:
        command += ["-e", name]
    text = subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=300).stdout
    return [line.split("\t") for line in text.splitlines()]


def tshark_view(capture):
    """By packet number: the names, numbers and times that tshark has for it."""
    numbers = list(NUMBERS)
    times = list(TIMES)
    wanted = [f"tcp.analysis.{name}" for name in NAMES + numbers + times]
    view = {}
    for row in fields(capture, "frame.number", "tcp.stream", *wanted):
        number, stream, *values = row
        values = dict(zip(NAMES + numbers + times, values))
        said = {"stream": int(stream), "names": {name for name in NAMES if values[name]}}
        said |= {NUMBERS[name]: int(values[name] or 0) for name in numbers}
        said |= {TIMES[name]: nanoseconds(values[name] or 0) for name in times}
        view[int(number)] = said
    return view


def our_view(capture):
    view = {}
    for line in inspecting.inspect(capture, "--segments"):
        if line["type"] != "segment":
            continue
        said = {
            "stream": line["connection"] - 1,
            "names": {name.removeprefix("tcp.analysis.") for name in line["wireshark"]}}
        for key in [*NUMBERS.values(), *TIMES.values()]:
            said[key] = line.get(key, 0)
        view[line["packet"]] = said
    return view


def differences(capture):
    """(what, tshark's, ours, packet), for each difference."""
    theirs = tshark_view(capture)
    ours = our_view(capture)
    found = []
    for packet in sorted(theirs.keys() | ours.keys()):
        their, our = theirs.get(packet), ours.get(packet)
        if their is None or our is None:
            found.append(("packet", their, our, packet))
            continue
        found += [(key, their[key], our[key], packet) for key in their if their[key] != our[key]]
    return found


def conversations(capture):
    """By stream: tcp.completeness and tcp.analysis.initial_rtt, by tshark."""
    view = {}
    for stream, completeness, rtt in fields(
            capture, "tcp.stream", "tcp.completeness", "tcp.analysis.initial_rtt", passes=2):
        _, before = view.get(int(stream), (0, 0))
        view[int(stream)] = (int(completeness), nanoseconds(rtt) if rtt else before)
    return view


def our_conversations(capture):
    return {
        line["connection"] - 1: (line["completeness"], line.get("initial_rtt_ns", 0))
        for line in inspecting.inspect(capture) if line["type"] == "connection"}


def summary(found):
    """The differences counted by their kind, for a message."""
    kinds = collections.Counter()
    example = {}
    for what, theirs, ours, packet in found:
        kind = (what, str(theirs), str(ours)) if what == "names" else (what, "", "")
        kinds[kind] += 1
        example.setdefault(kind, (theirs, ours, packet))
    return "\n".join(f"{count} x {kind}: {example[kind]}" for kind, count in kinds.most_common(20))
