# SPDX-License-Identifier: Apache-2.0
"""What reading a capture costs wireseam and others, side by side: for scripts/bench. The captures
are made for it and are gone afterwards. Time is the CPU's, of all threads."""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

SMALL = {"exchange": 1_000_000, "crowd": 20_000}
LARGE = {"exchange": 6_300_000, "crowd": 100_000}
# tshark needs minutes for what others read in a second.
TSHARK_PACKETS = 100_000
TITLES = {
    "exchange": "48 connections with small frames",
    "crowd": "{count:,} connections at once",
}


class Capture:
    """A file, and how much is in it."""

    def __init__(self, maker, folder, kind, count):
        self.path = os.path.join(folder, f"{kind}-{count}.pcap")
        with open(self.path, "wb") as file:
            made = subprocess.run([maker, kind, str(count)], stdout=file, stderr=subprocess.PIPE,
                                  text=True, check=True)
        words = made.stderr.split()
        self.packets, self.frames = int(words[0]), int(words[2])


class Cost:
    """What one run of a program took."""

    def __init__(self, build_dir, command):
        measured = subprocess.run([os.path.join(build_dir, "bench", "measure_run"), *command],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if measured.returncode != 0:
            sys.exit(f"{' '.join(command)} failed: {measured.stderr}")
        seconds, kilobytes = measured.stdout.split()
        self.seconds, self.megabytes = float(seconds), int(kilobytes) / 1024


def readers(build_dir, kind, path, folder):
    """Name -> command: what is compared. The first one is what the others are held against."""
    wireseam = [os.path.join(build_dir, "bin", "wireseam"), "inspect", path, "--framing", "len32le"]
    found = {
        "tcpdump -w /dev/null": ["tcpdump", "-r", path, "-w", "/dev/null"],
        "a bare libpcap loop": [os.path.join(build_dir, "bench", "read_capture"), path],
        "wireseam --text --totals": [*wireseam, "--text", "--totals"],
        "wireseam --json": [*wireseam, "--json"],
    }
    found["tcptrace"] = ["tcptrace", "-n", path]
    if kind == "exchange":  # of a crowd it makes as many files
        found["tcpflow"] = ["tcpflow", "-r", path, "-o", os.path.join(folder, "tcpflow")]
    return {name: command for name, command in found.items() if is_there(command[0])}


def is_there(program):
    if shutil.which(program):
        return True
    print(f"{program} is not installed: left out", file=sys.stderr)
    return False


def measure_in_turn(build_dir, commands, rounds, folder):
    costs = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            costs[name].append(Cost(build_dir, command))
            shutil.rmtree(os.path.join(folder, "tcpflow"), ignore_errors=True)
    return costs


def show(name, capture, costs, base):
    seconds = statistics.median(cost.seconds for cost in costs)
    megabytes = statistics.median(cost.megabytes for cost in costs)
    line = (f"  {name:28} {seconds:8.3f} s {seconds / base:7.2f} x"
            f" {capture.packets / seconds / 1e6:8.3f} M packets/s {megabytes:8.1f} MiB at most")
    if name == "wireseam --json":
        line += f", {capture.frames / seconds / 1e6:.2f} M frames/s"
    print(line, flush=True)


def measure_tshark(build_dir, maker, folder, rounds):
    capture = Capture(maker, folder, "exchange", TSHARK_PACKETS)
    command = ["tshark", "-r", capture.path, "-q", "-z", "conv,tcp"]
    costs = [Cost(build_dir, command) for _ in range(rounds)]
    seconds = statistics.median(cost.seconds for cost in costs)
    megabytes = statistics.median(cost.megabytes for cost in costs)
    print(f"  {'tshark -z conv,tcp':28} {seconds:8.3f} s for {capture.packets:,} packets:"
          f" {capture.packets / seconds / 1e6:.3f} M packets/s, {megabytes:.1f} MiB at most")


def measure_captures(build_dir, rounds, counts=None):
    maker = os.path.join(build_dir, "bench", "make_capture")
    with tempfile.TemporaryDirectory(prefix="wireseam-bench-") as folder:
        for kind, count in (counts or SMALL).items():
            capture = Capture(maker, folder, kind, count)
            title = TITLES[kind].format(count=count)
            print(f"reading a capture of {capture.packets:,} packets: {title}, CPU time")
            commands = readers(build_dir, kind, capture.path, folder)
            costs = measure_in_turn(build_dir, commands, rounds, folder)
            base = statistics.median(cost.seconds for cost in next(iter(costs.values())))
            for name, of_it in costs.items():
                show(name, capture, of_it, base)
            os.remove(capture.path)
        if is_there("tshark"):
            measure_tshark(build_dir, maker, folder, min(rounds, 3))


def measure_large_captures(build_dir, rounds):
    measure_captures(build_dir, rounds, LARGE)


def measure_recordings(build_dir, rounds, messages=250_000):
    """Joining: four events a message."""
    maker = os.path.join(build_dir, "bench", "make_recording")
    with tempfile.TemporaryDirectory(prefix="wireseam-bench-") as folder:
        path = os.path.join(folder, "recording")
        made = subprocess.run([maker, str(messages), path], stderr=subprocess.PIPE, text=True,
                              check=True)
        events = int(made.stderr.split()[0])
        command = [os.path.join(build_dir, "bin", "wireseam"), "inspect", path, "--json"]
        costs = [Cost(build_dir, command) for _ in range(rounds)]
    seconds = statistics.median(cost.seconds for cost in costs)
    megabytes = statistics.median(cost.megabytes for cost in costs)
    print(f"joining a recording of {events:,} calls and packets, CPU time\n"
          f"  {'wireseam --json':28} {seconds:8.3f} s {events / seconds / 1e6:8.3f} M events/s"
          f" {megabytes:8.1f} MiB at most")


def measure_large_recordings(build_dir, rounds):
    measure_recordings(build_dir, rounds, 5_000_000)
