# SPDX-License-Identifier: Apache-2.0
"""Whether a live capture keeps up, and how soon a packet's line can be read: for scripts/bench. The
traffic stays in a network namespace that is made for it, which needs root."""
import json
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "network"))

import namespaces  # noqa: E402
import traffic  # noqa: E402

RATE = 150_000  # packets a second
SIZE = 64
BURST = 500
BURSTS = 5
PAUSE_S = 0.1  # from a burst to the stop


class Capture:
    """wireseam inspect on the namespace's loopback; who reads its lines takes the time."""

    def __init__(self, build_dir, space, *options):
        self.inspect = space.start(
            os.path.join(build_dir, "bin", "wireseam"), "inspect", "-i", "lo", "--json", *options,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if b"capturing" not in self.inspect.stderr.readline():
            sys.exit("wireseam can't capture")
        self.reader = subprocess.Popen([os.path.join(build_dir, "bench", "line_delays")],
                                       stdin=self.inspect.stdout, stdout=subprocess.PIPE, text=True)

    def stop(self):
        """Frames and their delays in milliseconds (median, 99th percentile, most); the summary."""
        time.sleep(PAUSE_S)
        self.inspect.send_signal(signal.SIGTERM)
        delays, summary = self.reader.communicate()[0].splitlines()
        self.inspect.communicate()
        frames, *microseconds = map(int, delays.split())
        return frames, [value / 1000 for value in microseconds], json.loads(summary)


def measure_steady(build_dir, space, seconds):
    count = RATE * seconds
    capture = Capture(build_dir, space)
    sender = space.start(os.path.join(build_dir, "tests", "send_datagrams"), count, SIZE, RATE,
                         stdout=subprocess.PIPE, text=True)
    rate = int(sender.communicate()[0])
    frames, (median, late, most), summary = capture.stop()
    print(f"  {'a steady stream':28} {count:,} sent, {rate:,} a second; {frames:,} seen,"
          f" {summary['drops']['kernel']:,} dropped by the kernel\n"
          f"  {'from packet to line':28} {median:.1f} ms median, {late:.1f} ms at p99,"
          f" {most:.1f} ms at most", flush=True)


def measure_bursts(build_dir, space):
    seen = []
    for _ in range(BURSTS):
        capture = Capture(build_dir, space, "--framing", "len32le")
        sender = space.start(sys.executable, "-B", traffic.__file__, BURST, 0,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        sender.stdout.readline()
        seen.append(capture.stop()[0])
        sender.communicate()
    print(f"  {f'{BURST} frames, then the stop':28} seen: {', '.join(map(str, seen))}")


def measure_live(build_dir, seconds):
    print(f"capturing on loopback, {RATE:,} packets a second for {seconds} s, with --json")
    if lack := namespaces.lacks():
        print(f"  left out: {lack}")
        return
    space = namespaces.Namespace()
    try:
        space.run("ip", "link", "set", "lo", "up")
        measure_steady(build_dir, space, seconds)
        measure_bursts(build_dir, space)
    finally:
        space.close()
