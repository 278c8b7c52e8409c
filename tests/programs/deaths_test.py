# SPDX-License-Identifier: Apache-2.0
"""However a process ends, every call that it finished is in the trace."""

import platform
import re
import shlex
import signal
import unittest

from harness import PROGRAMS, ProgramTest, counts_in


class Deaths(ProgramTest):
    def check_death(self, how, calls, status):
        outcome, trace, folder = self.run_traced("death", "counts", how, calls)
        self.assertEqual(outcome.status, status)
        self.assertEqual(trace.lost, 0)
        (finished,) = counts_in(folder / "counts")
        # One more may have been finished without having been counted.
        self.assertIn(trace.count("recv") - finished, (0, 1))
        return finished

    def test_a_sigkill_amid_a_million_calls_loses_none_that_was_finished(self):
        finished = self.check_death("kill", 1_000_000, -signal.SIGKILL)
        self.assertGreaterEqual(finished, 500_000)

    def test_each_sudden_end_keeps_all_finished_calls(self):
        ends = {
            "_exit": 7,
            "quick_exit": 8,
            "return": 9,
            "abort": -signal.SIGABRT,
            "crash": -signal.SIGSEGV,
        }
        for how, status in ends.items():
            with self.subTest(how=how):
                self.assertEqual(self.check_death(how, 1000, status), 1000)
                self.assertEqual(self.run_untraced("death", "counts", how, 1000).status, status)

    def test_a_send_that_dies_of_sigpipe_is_seen_with_its_bytes_and_its_error(self):
        for how, call in {"static": "send", "heap": "write", "message": "sendmsg", "thread": "send"}.items():
            with self.subTest(how=how):
                trace = self.check_same("broken_pipe", how)
                self.assertEqual(trace.status, -signal.SIGPIPE)
                (sent,) = trace.finished(call)
                self.assertEqual((sent.result, sent.errno), (-1, "EPIPE"))
                self.assertEqual(sent.payload(), b"words")

    def test_how_somebody_elses_child_ended_is_known(self):
        if kernel_version() < (6, 15):
            self.skipTest("needs Linux 6.15, which tells it of a process that was reaped")
        script = f"{shlex.quote(str(PROGRAMS / 'death'))} counts crash 300000; exit 4"
        outcome, trace, _ = self.run_traced("/bin/sh", "-c", script)
        self.assertEqual(outcome.status, 4)
        dead = trace.finished("recv")[0].pid
        self.assertEqual(trace.exits[dead]["signal"], "SIGSEGV")


def kernel_version():
    return tuple(map(int, re.findall(r"\d+", platform.release())[:2]))


if __name__ == "__main__":
    unittest.main()
