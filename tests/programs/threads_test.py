# SPDX-License-Identifier: Apache-2.0
"""Many threads: each one's calls are in the trace, whole and counted."""

import unittest

from harness import ProgramTest


class Threads(ProgramTest):
    def test_64_threads_that_call_at_once_lose_nothing(self):
        trace = self.check_same("threads", 64, 1000)
        self.assertEqual(trace.count("send"), 64 * 1000)
        self.assertEqual(trace.count("recv"), 64 * 1000)
        self.assertEqual(set(trace.count_by_thread("send").values()), {1000})

    def test_threads_that_outrun_the_tracer_wait_but_lose_nothing(self):
        trace = self.check_same("threads", 16, 20_000, tracing=["-e", "trace=recv"])
        self.assertEqual(list(trace.count_by_thread("recv").values()), [20_000] * 16)

    def test_2000_threads_blocked_at_once_are_all_seen(self):
        trace = self.check_same("blocked_threads", 2000)
        self.assertEqual(len(trace.count_by_thread("recv")), 2000)

    def test_10000_threads_one_after_the_other_are_all_seen(self):
        trace = self.check_same("short_threads", 10000)
        self.assertEqual(trace.count("send"), 10000)
        self.assertEqual(trace.count("recv"), 10000)


if __name__ == "__main__":
    unittest.main()
