# SPDX-License-Identifier: Apache-2.0
"""The tracer is killed or stopped while the program runs: the program hardly notices."""

import os
import pathlib
import signal
import subprocess
import time
import unittest

from harness import PROGRAMS, TIME_LIMIT_S, TRACER, ProgramTest, Trace, counts_in

CALLS = 100_000


class CollectorsFate(ProgramTest):
    def start(self, folder, calls, output):
        """The tracer, when its program has begun to call."""
        self.counts = folder / "counts"
        tracer = subprocess.Popen(
            [*TRACER, "-o", str(output), PROGRAMS / "death", "counts", "return", str(calls)],
            cwd=folder,
            stdin=subprocess.DEVNULL,
        )
        self.addCleanup(tracer.wait)
        self.addCleanup(tracer.kill)
        self.wait_until(lambda: self.finished() > 1000)
        return tracer

    def finished(self):
        try:
            counts = counts_in(self.counts)
        except FileNotFoundError:
            return 0
        return counts[0] if counts else 0

    def wait_until(self, condition):
        end = time.monotonic() + TIME_LIMIT_S
        while not condition():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.001)

    def check_goes_on_without(self, end_tracer):
        tracer = self.start(self.new_folder(), CALLS, os.devnull)
        begun = time.monotonic()
        end_tracer(tracer)
        self.wait_until(lambda: self.finished() == CALLS)
        # Waiting for a tracer that does nothing takes two seconds for each thread and loss.
        self.assertLess(time.monotonic() - begun, 1.9)

    def test_the_program_goes_on_without_pause_when_the_tracer_is_killed(self):
        def kill_and_reap(tracer):
            tracer.kill()
            tracer.wait()

        self.check_goes_on_without(kill_and_reap)

    def test_a_killed_tracer_that_nobody_reaps_is_seen_to_be_gone(self):
        self.check_goes_on_without(lambda tracer: tracer.kill())

    def test_nothing_is_lost_while_the_tracer_is_stopped_for_a_moment(self):
        folder = self.new_folder()
        output = self.new_folder() / "trace.json"
        tracer = self.start(folder, CALLS, output)
        tracer.send_signal(signal.SIGSTOP)
        time.sleep(0.5)  # the stop is what is tested
        tracer.send_signal(signal.SIGCONT)
        self.assertEqual(tracer.wait(TIME_LIMIT_S), 9)
        trace = Trace(pathlib.Path(output), 9)
        self.assertEqual((trace.lost, trace.count("recv")), (0, CALLS))


if __name__ == "__main__":
    unittest.main()
